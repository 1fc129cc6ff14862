"""Migrate configs of 0.x, and train one iteration of each with the library of 1.x itself, on synthetic data.

    python tools/smoke_migrated.py --python ENV/bin/python --output results.json \
        mmcls=…/mmcls/.mim/configs mmseg=…/mmseg/.mim/configs mmdet=…/mmdet/.mim/configs mmedit=…/mmedit/.mim/configs

The folders are those of the last releases of 0.x (mmcls 0.25.0, mmsegmentation 0.30.0, mmdet 2.28.2, mmedit 0.16.1, mmgen 0.7.3), unpacked
from their wheels. ENV is an environment with torch, MMEngine 0.10.7, mmcv 2.1.0 (the operators of detectors need a compiled one) and
mmpretrain 1.2.0, mmsegmentation 1.2.2, mmdet 3.3.0 and mmagic 1.2.0. The configs below are one of each family, the lighter ones.
A run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cfglint.migrate.run import migrate  # noqa: E402
from cfglint.smoke.options import Options  # noqa: E402
from cfglint.smoke.report import as_json  # noqa: E402
from cfglint.smoke.results import Report, Result, Status  # noqa: E402
from cfglint.smoke.run import Smoke  # noqa: E402
from tools.smoke_zoo import report  # noqa: E402

CONFIGS = {
    'mmcls': """
        conformer/conformer-tiny-p16_8xb128_in1k convnext/convnext-tiny_32xb128_in1k cspnet/cspdarknet50_8xb32_in1k
        deit/deit-tiny_pt-4xb256_in1k densenet/densenet121_4xb256_in1k
        efficientnet/efficientnet-b0_8xb32_in1k
        hornet/hornet-tiny_8xb128_in1k hrnet/hrnet-w18_4xb32_in1k lenet/lenet5_mnist
        mlp_mixer/mlp-mixer-base-p16_64xb64_in1k mobilenet_v2/mobilenet-v2_8xb32_in1k
        mobilenet_v3/mobilenet-v3-small_8xb32_in1k mvit/mvitv2-tiny_8xb256_in1k
        poolformer/poolformer-s12_32xb128_in1k regnet/regnetx-400mf_8xb128_in1k
        repvgg/repvgg-A0_4xb64-coslr-120e_in1k res2net/res2net50-w14-s8_8xb32_in1k resnet/resnet18_8xb16_cifar10
        resnet/resnet50_8xb8_cub seresnet/seresnet50_8xb32_in1k shufflenet_v1/shufflenet-v1-1x_16xb64_in1k
        shufflenet_v2/shufflenet-v2-1x_16xb64_in1k swin_transformer/swin-tiny_16xb64_in1k
        t2t_vit/t2t-vit-t-14_8xb64_in1k tnt/tnt-s-p16_16xb64_in1k twins/twins-svt-small_8xb128_in1k
        van/van-b0_8xb128_in1k vgg/vgg11_8xb32_in1k vgg/vgg16_8xb16_voc vision_transformer/vit-base-p32_pt-64xb64_in1k-224
    """,
    'mmseg': """
        bisenetv1/bisenetv1_r18-d32_4x4_1024x1024_160k_cityscapes
        deeplabv3plus/deeplabv3plus_r18-d8_512x1024_80k_cityscapes erfnet/erfnet_fcn_4x4_512x1024_160k_cityscapes
        fastscnn/fast_scnn_lr0.12_8x4_160k_cityscapes hrnet/fcn_hr18s_512x512_80k_ade20k
        icnet/icnet_r18-d8_832x832_80k_cityscapes mobilenet_v3/lraspp_m-v3s-d8_512x1024_320k_cityscapes
        ocrnet/ocrnet_hr18s_512x512_80k_ade20k pspnet/pspnet_r18-d8_512x1024_80k_cityscapes
        segformer/segformer_mit-b0_512x512_160k_ade20k stdc/stdc1_512x1024_80k_cityscapes
        unet/fcn_unet_s5-d16_64x64_40k_drive
    """,
    'mmdet': """
        atss/atss_r50_fpn_1x_coco cascade_rcnn/cascade_rcnn_r50_fpn_1x_coco centernet/centernet_resnet18_140e_coco
        faster_rcnn/faster_rcnn_r50_fpn_1x_coco fcos/fcos_r50_caffe_fpn_gn-head_1x_coco gfl/gfl_r50_fpn_1x_coco
        mask_rcnn/mask_rcnn_r50_fpn_1x_coco paa/paa_r50_fpn_1x_coco retinanet/retinanet_r18_fpn_1x_coco
        solo/solo_r50_fpn_1x_coco sparse_rcnn/sparse_rcnn_r50_fpn_1x_coco ssd/ssdlite_mobilenetv2_scratch_600e_coco
        yolo/yolov3_mobilenetv2_320_300e_coco yolof/yolof_r50_c5_8x8_1x_coco yolox/yolox_tiny_8x8_300e_coco
    """,
    'mmedit': """
        restorers/srcnn/srcnn_x4k915_g1_1000k_div2k restorers/edsr/edsr_x2c64b16_g1_300k_div2k
        restorers/rdn/rdn_x2c64b16_g1_1000k_div2k restorers/srresnet_srgan/msrresnet_x4c64b16_g1_1000k_div2k
        restorers/esrgan/esrgan_psnr_x4c64b23g32_g1_1000k_div2k restorers/tdan/tdan_vimeo90k_bix4_lr1e-4_400k
        restorers/real_esrgan/realesrnet_c64b23g32_12x4_lr2e-4_1000k_df2k_ost restorers/basicvsr/basicvsr_reds4
        video_interpolators/cain/cain_b5_g1b32_vimeo90k_triplet video_interpolators/flavr/flavr_in4out1_g8b4_vimeo90k_septuplet
        mattors/indexnet/indexnet_mobv2_1x16_78k_comp1k
    """,
    'mmgen': """
        dcgan/dcgan_celeba-cropped_64_b128x1_300k pix2pix/pix2pix_vanilla_unet_bn_facades_b1x1_80k cyclegan/cyclegan_lsgan_resnet_in_facades_b1x1_80k
        sagan/sagan_32_woReLUinplace_lr-2e-4_ndisc5_cifar10_b64x1
        sngan_proj/sngan_proj_32_woReLUinplace_lr-2e-4_ndisc5_cifar10_b64x1
        wgan-gp/wgangp_GN_celeba-cropped_128_b64x1_160kiter biggan/biggan_cifar10_32x32_b25x2_500k
        styleganv2/stylegan2_c2_ffhq_256_b4x8_800k
    """,
}


def migrated(old: Path, folder: Path) -> None:
    """Write a migrated zoo to a folder."""
    for result in migrate(sorted(str(path) for path in old.rglob('*.py'))):
        place = folder / Path(result.path).relative_to(old)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(result.text)


def main() -> int:
    """Print a table for each library."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('libraries', nargs='+', metavar='LIBRARY=CONFIGS')
    parser.add_argument('--python', required=True)
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--output', type=Path, default=Path('smoke-migrated.json'))
    parser.add_argument('--folder', type=Path, default=Path('migrated'), help='Where the migrated zoos go.')
    parser.add_argument('--threads', type=int)
    parser.add_argument('--timeout', type=float, default=900.0)
    parser.add_argument('--only', nargs='+', metavar='WORD', default=[''], help='only configs with such a name')
    arguments = parser.parse_args()
    options = Options(
        device=arguments.device, python=arguments.python, synthetic=True, steps=1, jobs=1, threads=arguments.threads,
        timeout=arguments.timeout, dedupe=False,
    )  # fmt: skip
    done = (
        {result.config: result for result in as_json.read(arguments.output).results}
        if arguments.output.exists()
        else {}
    )

    def progress(result: Result) -> None:
        done[result.config] = result
        as_json.write(Report(tuple(done.values())), arguments.output)
        print(result.status.value, result.config, result.failure.message[:300] if result.failure else '', flush=True)

    for item in arguments.libraries:
        library, _, folder = item.partition('=')
        root = (arguments.folder / library).resolve()
        migrated(Path(folder).resolve(), root)
        names = [name for name in CONFIGS[library].split() if any(word in name for word in arguments.only)]
        results = Smoke(options, progress=progress).run([str(root / f'{name}.py') for name in names], done.values())
        print(report(library, results, root, meta=False), flush=True)
    return int(any(result.status is Status.FAILED for result in done.values()))


if __name__ == '__main__':
    sys.exit(main())
