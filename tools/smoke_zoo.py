"""Smoke configs of the official libraries with the documented command, and print what it was and a table.

    python tools/smoke_zoo.py --python ENV mmpretrain=…/mmpretrain/.mim/configs mmdet=…/mmdet/.mim/configs -- --device cpu

ENV is an environment with torch, mmengine, mmcv and the libraries; what follows `--` are further options of `cfglint smoke`.
The configs below are one or two of each family, the lighter ones. A run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.smoke.report import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.smoke.results import Result

CONFIGS = {
    'mmpretrain': """
        arcface/resnet50-arcface_8xb32_inshop barlowtwins/barlowtwins_resnet50_8xb256-coslr-300e_in1k
        beit/beit_beit-base-p16_8xb256-amp-coslr-300e_in1k byol/byol_resnet50_16xb256-coslr-200e_in1k
        conformer/conformer-tiny-p16_8xb128_in1k convnext/convnext-tiny_32xb128_in1k
        csra/resnet101-csra_1xb16_voc07-448px deit/deit-tiny_4xb256_in1k densenet/densenet121_4xb256_in1k
        efficientnet/efficientnet-b0_8xb32_in1k hrnet/hrnet-w18_4xb32_in1k lenet/lenet5_mnist
        mae/mae_vit-base-p16_8xb512-amp-coslr-300e_in1k mlp_mixer/mlp-mixer-base-p16_64xb64_in1k
        mobilenet_v2/mobilenet-v2_8xb32_in1k mocov2/mocov2_resnet50_8xb32-coslr-200e_in1k
        poolformer/poolformer-s12_32xb128_in1k repvgg/repvgg-A0_8xb32_in1k resnet/resnet18_8xb16_cifar10
        resnet/resnet50_8xb8_cub shufflenet_v2/shufflenet-v2-1x_16xb64_in1k
        simclr/simclr_resnet50_8xb32-coslr-200e_in1k swav/swav_resnet50_8xb32-mcrop-coslr-200e_in1k-224px-96px
        swin_transformer/swin-tiny_16xb64_in1k vgg/vgg16_8xb16_voc xcit/xcit-nano-12-p8_8xb128_in1k
    """,
    'mmseg': """
        ann/ann_r50-d8_4xb4-80k_ade20k-512x512 bisenetv1/bisenetv1_r18-d32_4xb4-160k_cityscapes-1024x1024
        bisenetv2/bisenetv2_fcn_4xb4-160k_cityscapes-1024x1024 cgnet/cgnet_fcn_4xb4-60k_cityscapes-680x680
        deeplabv3plus/deeplabv3plus_r18-d8_4xb2-80k_cityscapes-512x1024
        emanet/emanet_r50-d8_4xb2-80k_cityscapes-769x769 erfnet/erfnet_fcn_4xb4-160k_cityscapes-512x1024
        fastscnn/fast_scnn_8xb4-160k_cityscapes-512x1024 hrnet/fcn_hr18s_4xb4-80k_ade20k-512x512
        icnet/icnet_r18-d8_4xb2-80k_cityscapes-832x832 isanet/isanet_r50-d8_4xb4-80k_ade20k-512x512
        maskformer/maskformer_r50-d32_8xb2-160k_ade20k-512x512
        mobilenet_v3/mobilenet-v3-d8-s_lraspp_4xb4-320k_cityscapes-512x1024
        ocrnet/ocrnet_hr18s_4xb4-80k_ade20k-512x512 pidnet/pidnet-s_2xb6-120k_1024x1024-cityscapes
        pspnet/pspnet_r18-d8_4xb4-80k_isaid-896x896 segformer/segformer_mit-b0_8xb2-160k_ade20k-512x512
        segmenter/segmenter_vit-t_mask_8xb1-160k_ade20k-512x512
        segnext/segnext_mscan-t_1xb16-adamw-160k_ade20k-512x512 sem_fpn/fpn_r50_4xb4-160k_ade20k-512x512
        stdc/stdc1_4xb12-80k_cityscapes-512x1024 swin/swin-tiny-patch4-window7_upernet_1xb8-20k_levir-256x256
        unet/unet-s5-d16_fcn_4xb4-40k_drive-64x64 upernet/upernet_r18_4xb4-80k_ade20k-512x512
    """,
    'mmdet': """
        atss/atss_r50_fpn_1x_coco boxinst/boxinst_r50_fpn_ms-90k_coco cascade_rcnn/cascade-rcnn_r50_fpn_1x_coco
        centernet/centernet_r18_8xb16-crop512-140e_coco condinst/condinst_r50_fpn_ms-poly-90k_coco_instance
        conditional_detr/conditional-detr_r50_8xb2-50e_coco dcn/faster-rcnn_r50-dconv-c3-c5_fpn_1x_coco
        detr/detr_r18_8xb2-500e_coco deformable_detr/deformable-detr_r50_16xb2-50e_coco
        faster_rcnn/faster-rcnn_r50_fpn_1x_coco fcos/fcos_r50-caffe_fpn_gn-head_1x_coco gfl/gfl_r50_fpn_1x_coco
        libra_rcnn/libra-faster-rcnn_r50_fpn_1x_coco mask_rcnn/mask-rcnn_r50_fpn_1x_coco
        maskformer/maskformer_r50_ms-16xb1-75e_coco paa/paa_r50_fpn_1x_coco
        panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco pascal_voc/ssd300_voc0712
        reppoints/reppoints-moment_r50_fpn_1x_coco retinanet/retinanet_r18_fpn_1x_coco
        rtmdet/rtmdet_tiny_8xb32-300e_coco
        soft_teacher/soft-teacher_faster-rcnn_r50-caffe_fpn_180k_semi-0.1-coco solo/solo_r50_fpn_1x_coco
        solov2/solov2-light_r18_fpn_ms-3x_coco sparse_rcnn/sparse-rcnn_r50_fpn_1x_coco ssd/ssd300_coco
        tood/tood_r50_fpn_1x_coco vfnet/vfnet_r50_fpn_1x_coco yolact/yolact_r50_1xb8-55e_coco
        yolo/yolov3_mobilenetv2_8xb24-320-300e_coco yolof/yolof_r50-c5_8xb8-1x_coco
        yolox/yolox_tiny_8xb8-300e_coco
    """,
    'mmagic': """
        aot_gan/aot-gan_smpgan_4xb4_places-512x512 basicvsr/basicvsr_2xb4_reds4
        biggan/biggan_2xb25-500kiters_cifar10-32x32 cain/cain_g1b32_1xb5_vimeo90k-triplet
        cyclegan/cyclegan_lsgan-resnet-in_1xb1-80kiters_facades dcgan/dcgan_1xb128-300kiters_celeba-cropped-64
        deblurganv2/deblurganv2_fpn-mobilenet_1xb1_gopro deepfillv1/deepfillv1_4xb4_celeba-256x256
        deepfillv2/deepfillv2_8xb2_celeba-256x256 dim/dim_stage1-v16_1xb1-1000k_comp1k
        edsr/edsr_x2c64b16_1xb16-300k_div2k edvr/edvrm_wotsa_8xb4-600k_reds
        esrgan/esrgan_x4c64b23g32_1xb16-400k_div2k flavr/flavr_in4out1_8xb4_vimeo90k-septuplet
        gca/baseline_r34_4xb10-200k_comp1k global_local/gl_8xb12_celeba-256x256
        indexnet/indexnet_mobv2_1xb16-78k_comp1k liif/liif-edsr-norm_c64b16_1xb16-1000k_div2k
        nafnet/nafnet_c64eb11128mb1db1111_8xb8-lr1e-3-400k_gopro partial_conv/pconv_stage1_8xb1_celeba-256x256
        pggan/pggan_8xb4-12Mimgs_lsun-bedroom-128x128 pix2pix/pix2pix_vanilla-unet-bn_1xb1-80kiters_facades
        rdn/rdn_x2c64b16_1xb16-1000k_div2k real_esrgan/realesrnet_c64b23g32_4xb12-lr2e-4-1000k_df2k-ost
        restormer/restormer_official_sidd sagan/sagan_woReLUinplace_lr2e-4-ndisc5-1xb64_cifar10-32x32
        singan/singan_fish srcnn/srcnn_x4k915_1xb16-1000k_div2k srgan_resnet/srgan_x4c64b16_1xb16-1000k_div2k
        styleganv1/styleganv1_ffhq-256x256_8xb4-25Mimgs styleganv2/stylegan2_c2_8xb4-800kiters_ffhq-256x256
        swinir/swinir_x2s64w8d4e60_8xb4-lr2e-4-500k_div2k tdan/tdan_x4_8xb16-lr1e-4-400k_vimeo90k-bi
        ttsr/ttsr-rec_x4c64b16_1xb9-200k_CUFED wgan-gp/wgangp_GN_1xb64-160kiters_celeba-cropped-128x128
    """,
    'mmpose': """
        animal_2d_keypoint/topdown_heatmap/ap10k/td-hm_res50_8xb64-210e_ap10k-256x256
        body_2d_keypoint/associative_embedding/coco/ae_hrnet-w32_8xb24-300e_coco-512x512
        body_2d_keypoint/cid/coco/cid_hrnet-w32_8xb20-140e_coco-512x512
        body_2d_keypoint/dekr/coco/dekr_hrnet-w32_8xb10-140e_coco-512x512
        body_2d_keypoint/edpose/coco/edpose_res50_8xb2-50e_coco-800x1333
        body_2d_keypoint/integral_regression/coco/ipr_res50_8xb64-210e_coco-256x256
        body_2d_keypoint/rtmo/coco/rtmo-s_8xb32-600e_coco-640x640
        body_2d_keypoint/rtmpose/coco/rtmpose-t_8xb256-420e_coco-256x192
        body_2d_keypoint/rtmpose/coco/rtmpose-s_8xb256-420e_aic-coco-256x192
        body_2d_keypoint/simcc/coco/simcc_res50_8xb64-210e_coco-256x192
        body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192
        body_2d_keypoint/topdown_heatmap/coco/td-hm_hourglass52_8xb32-210e_coco-256x256
        body_2d_keypoint/topdown_heatmap/coco/td-hm_litehrnet-18_8xb64-210e_coco-256x192
        body_2d_keypoint/topdown_heatmap/coco/td-hm_2xmspn50_8xb32-210e_coco-256x192
        body_2d_keypoint/topdown_heatmap/coco/td-hm_ViTPose-small_8xb64-210e_coco-256x192
        body_2d_keypoint/topdown_heatmap/mpii/td-hm_res50_8xb64-210e_mpii-256x256
        body_2d_keypoint/topdown_regression/coco/td-reg_res50_rle-8xb64-210e_coco-256x192
        body_2d_keypoint/yoloxpose/coco/yoloxpose_tiny_4xb64-300e_coco-416
        body_3d_keypoint/image_pose_lift/h36m/image-pose-lift_tcn_8xb64-200e_h36m
        face_2d_keypoint/rtmpose/wflw/rtmpose-m_8xb64-60e_wflw-256x256
        fashion_2d_keypoint/topdown_heatmap/deepfashion/td-hm_res50_8xb64-210e_deepfashion_full-256x192
        hand_2d_keypoint/topdown_heatmap/onehand10k/td-hm_res50_8xb32-210e_onehand10k-256x256
        wholebody_2d_keypoint/rtmpose/coco-wholebody/rtmpose-m_8xb64-270e_coco-wholebody-256x192
        wholebody_2d_keypoint/topdown_heatmap/coco-wholebody/td-hm_res50_8xb64-210e_coco-wholebody-256x192
    """,
    'mmaction': """
        detection/slowonly/slowonly_k400-pre-r50_8xb8-4x16x1-10e_ava-kinetics-rgb
        localization/bmn/bmn_2xb8-400x100-9e_activitynet-feature
        recognition/c2d/c2d_r50-in1k-pre-nopool_8xb32-8x8x1-100e_kinetics400-rgb
        recognition/c3d/c3d_sports1m-pretrained_8xb30-16x1x1-45e_ucf101-rgb
        recognition/i3d/i3d_imagenet-pretrained-r50-nl-dot-product_8xb8-32x2x1-100e_kinetics400-rgb
        recognition/mvit/mvit-base-p244_u32_sthv2-rgb recognition/r2plus1d/r2plus1d_r34_8xb8-8x8x1-180e_kinetics400-rgb
        recognition/slowfast/slowfast_r50_8xb8-4x16x1-256e_kinetics400-rgb
        recognition/slowonly/slowonly_r50_8xb16-4x16x1-256e_kinetics400-rgb
        recognition/swin/swin-tiny-p244-w877_in1k-pre_8xb8-amp-32x2x1-30e_kinetics400-rgb
        recognition/tanet/tanet_imagenet-pretrained-r50_8xb8-1x1x8-50e_sthv1-rgb
        recognition/timesformer/timesformer_divST_8xb8-8x32x1-15e_kinetics400-rgb
        recognition/tin/tin_imagenet-pretrained-r50_8xb6-1x1x8-40e_sthv1-rgb
        recognition/tpn/tpn-slowonly_r50_8xb8-8x8x1-150e_kinetics400-rgb
        recognition/trn/trn_imagenet-pretrained-r50_8xb16-1x1x8-50e_sthv1-rgb
        recognition/tsm/tsm_imagenet-pretrained-mobilenetv2_8xb16-1x1x8-100e_kinetics400-rgb
        recognition/tsn/tsn_imagenet-pretrained-r50_8xb32-1x1x3-100e_kinetics400-rgb
        skeleton/2s-agcn/2s-agcn_8xb16-joint-u100-80e_ntu60-xsub-keypoint-3d
        skeleton/posec3d/slowonly_r50_8xb16-u48-240e_ntu60-xsub-keypoint
        skeleton/stgcn/stgcn_8xb16-joint-u100-80e_ntu60-xsub-keypoint-2d
        skeleton/stgcnpp/stgcnpp_8xb16-bone-u100-80e_ntu60-xsub-keypoint-3d
    """,
    'mmocr': """
        kie/sdmgr/sdmgr_novisual_60e_wildreceipt
        textdet/dbnet/dbnet_resnet18_fpnc_1200e_icdar2015 textdet/drrg/drrg_resnet50_fpn-unet_1200e_ctw1500
        textdet/fcenet/fcenet_resnet50_fpn_1500e_icdar2015 textdet/maskrcnn/mask-rcnn_resnet50_fpn_160e_icdar2015
        textdet/panet/panet_resnet18_fpem-ffm_600e_icdar2015 textdet/psenet/psenet_resnet50_fpnf_600e_icdar2015
        textdet/textsnake/textsnake_resnet50_fpn-unet_1200e_ctw1500
        textrecog/abinet/abinet-vision_20e_st-an_mj textrecog/aster/aster_resnet45_6e_st_mj
        textrecog/crnn/crnn_mini-vgg_5e_mj textrecog/master/master_resnet31_12e_st_mj_sa
        textrecog/nrtr/nrtr_modality-transform_6e_st_mj textrecog/robust_scanner/robustscanner_resnet31_5e_toy
        textrecog/sar/sar_resnet31_parallel-decoder_5e_toy textrecog/satrn/satrn_shallow-small_5e_st_mj
        textrecog/svtr/svtr-tiny_20e_st_mj
    """,
}


def row(result: Result, root: Path) -> str:
    """One line of the table."""
    details, failure = result.details, result.failure
    memory = details.get('memory') or {}
    used = memory.get('peak_allocated') or memory.get('peak_rss') or 0
    batches = details.get('micro_batches') or []
    first = f'{batches[0]["seconds"]:.1f}' if batches else ''
    remark = (
        f'{failure.stage}: {failure.key or ""} {failure.message.splitlines()[0][:140]}'
        if failure
        else result.reason or ''
    )
    cells = (Path(result.config).relative_to(root), result.status.value, len(batches), first, f'{result.seconds:.0f}')
    return '| ' + ' | '.join(str(cell) for cell in (*cells, used >> 20, remark)) + ' |'


def meta_row(result: Result, root: Path) -> str:
    """One line of the table of `--meta`."""
    failure, model = result.failure, result.details.get('model')
    total = model['total'] if model else {}
    needed = sum(value for name, value in total.items() if name.endswith('_bytes'))
    host = (result.details.get('memory') or {}).get('peak_rss') or 0
    unknown = [each['state_unknown'] for each in model['optimizers'] if each['state_unknown']] if model else []
    remark = f'{failure.stage}: {failure.key or ""} {failure.message.splitlines()[0][:140]}' if failure else ''
    cells = (Path(result.config).relative_to(root), result.status.value, f'{total.get("parameters", 0):,}',
             needed >> 20, f'{result.seconds:.1f}', host >> 20, remark or result.reason or ', '.join(unknown))  # fmt: skip
    return '| ' + ' | '.join(str(cell) for cell in cells) + ' |'


def report(library: str, results: Iterable[Result], root: Path, meta: bool) -> str:
    results = list(results)
    counts = Counter(result.status.value for result in results)
    summary = ', '.join(f'{number} {status}' for status, number in sorted(counts.items()))
    titles = ('config', 'status', 'micro-batches', 'first (s)', 'wall (s)', 'memory (MiB)', 'remark')
    if meta:
        titles = ('config', 'status', 'parameters', 'to train (MiB)', 'wall (s)', 'host memory (MiB)', 'remark')
    head = '| ' + ' | '.join(titles) + ' |\n' + '| --- ' * len(titles) + '|'
    return f'\n## {library}: {summary}\n\n{head}\n' + '\n'.join(
        (meta_row if meta else row)(result, root) for result in results
    )


def run(library: str, root: Path, arguments: argparse.Namespace) -> list[Result]:
    """Run the command for the configs of a library, say which it was, and return what it found."""
    names = [name for name in CONFIGS[library].split() if any(word in name for word in arguments.only or [''])]
    configs = [str(root / f'{name}.py') for name in names]
    results = arguments.output / f'{library}.json'
    options = ['--python', arguments.python, '--resume', str(results), *arguments.options]
    options += ['--no-dedupe'] if '--meta' in arguments.options else ['--synthetic', '--no-dedupe', '--steps', '1']
    print(f'$ cfglint smoke {shlex.join(options)}   # and {len(configs)} configs of {library}', flush=True)
    subprocess.run([sys.executable, '-m', 'cfglint', 'smoke', *configs, *options], check=False)
    return list(as_json.read(results).results)


def main() -> None:
    """Print a table for each library."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('libraries', nargs='+', metavar='LIBRARY=CONFIGS')
    parser.add_argument('--python', required=True)
    parser.add_argument('--output', type=Path, default=Path('smoke-zoo'), help='the folder for the results')
    parser.add_argument(
        '--only', action='append', metavar='WORD', help='only configs with such a name; may be repeated'
    )
    own, _, further = ' '.join(map(shlex.quote, sys.argv[1:])).partition(' -- ')
    arguments = parser.parse_args(shlex.split(own))
    arguments.options = shlex.split(further)
    arguments.output.mkdir(exist_ok=True)
    for item in arguments.libraries:
        library, _, folder = item.partition('=')
        results = run(library, Path(folder), arguments)
        print(report(library, results, Path(folder), '--meta' in arguments.options), flush=True)


if __name__ == '__main__':
    main()
