"""A small library of the kind that people train with: models, a GAN, data, hooks, a collate function."""

from __future__ import annotations

import os

import cv2
import numpy
import torch
from mmengine.dataset import BaseDataset
from mmengine.evaluator import BaseMetric
from mmengine.fileio import load
from mmengine.hooks import Hook
from mmengine.model import BaseModel, BaseModule
from mmengine.optim import OptimWrapperDict, build_optim_wrapper
from mmengine.registry import (
    DATASETS,
    FUNCTIONS,
    HOOKS,
    METRICS,
    MODELS,
    OPTIM_WRAPPER_CONSTRUCTORS,
    OPTIMIZERS,
    TRANSFORMS,
)
from mmengine.runner.checkpoint import _load_checkpoint
from torch import nn
from torch.nn.functional import softplus


@DATASETS.register_module()
class Points(BaseDataset):
    """Points on a line, cut in two classes. Every sample is a pure function of its index."""

    METAINFO = dict(classes=('left', 'right'))

    def __init__(self, length=64, features=8, **kwargs):
        self.length, self.features = length, features
        super().__init__(ann_file='', **kwargs)

    def load_data_list(self):
        return [dict(index=index, features=self.features) for index in range(self.length)]


@TRANSFORMS.register_module()
class MakePoint:
    def __call__(self, results):
        generator = torch.Generator().manual_seed(results['index'])
        inputs = torch.randn(results['features'], generator=generator)
        return dict(inputs=inputs, target=int(inputs.sum() > 0))


@TRANSFORMS.register_module()
class FailingTransform:
    def __call__(self, results):
        raise ValueError('this transform always fails')


@FUNCTIONS.register_module()
def halves(batch):
    """A collate function of the user's own: the model gets a tuple."""
    return torch.stack([item['inputs'] for item in batch]), torch.tensor([item['target'] for item in batch])


@MODELS.register_module()
class Neck(BaseModule):
    def __init__(self, channels=16, out_channels=16, init_cfg=None):
        super().__init__(init_cfg)
        self.linear = nn.Linear(channels, out_channels)

    def forward(self, inputs):
        return torch.relu(self.linear(inputs))


@MODELS.register_module()
class Classifier(BaseModel):
    def __init__(
        self,
        features=8,
        neck=None,
        batch_norm=False,
        unused=False,
        frozen=False,
        loss='mean',
        factor=1.0,
        classes=2,
        data_preprocessor=None,
    ):
        super().__init__(data_preprocessor=data_preprocessor)
        self.backbone = nn.Linear(features, 16)
        self.norm = nn.BatchNorm1d(16) if batch_norm else nn.Identity()
        self.neck = MODELS.build(neck or dict(type='Neck'))
        self.head = nn.Linear(16, classes)
        self.unused = nn.Linear(3, 3) if unused else None
        self.loss = loss
        self.factor = factor
        if frozen:
            self.backbone.requires_grad_(False)

    def forward(self, inputs, target, mode='tensor'):
        if isinstance(inputs, (list, tuple)):
            inputs = torch.stack(list(inputs))
        target = torch.as_tensor(target)
        scores = self.head(self.neck(self.norm(self.backbone(inputs))))
        if mode == 'loss':
            loss = nn.functional.cross_entropy(scores, target) * self.factor
            if self.loss == 'nan':
                loss = loss * float('nan')
            elif self.loss == 'zero':
                loss = loss * 0.0
            elif self.loss == 'nan gradient':
                # The square root of zero has a finite value and an infinite slope.
                loss = loss + torch.sqrt(self.head.bias.sum() * 0.0) * 0.0
            return dict(loss_cls=loss)
        if mode == 'predict':
            return [dict(right=bool(a == b)) for a, b in zip(scores.argmax(1), target, strict=True)]
        return scores


@MODELS.register_module()
class HandLoading(Classifier):
    """Copies pretrained weights by itself, where the shapes agree, and loads what it has made of one of them."""

    def init_weights(self):
        state = _load_checkpoint('https://weights.example.com/classifier.pth', map_location='cpu')
        for name, parameter in self.named_parameters():
            loaded = state[name] if 'state_dict' not in state else state['state_dict'][name]
            if parameter.data.shape == loaded.shape:
                parameter.data.copy_(loaded)
        state['head.weight'] = state['head.weight'].unsqueeze(2).repeat(1, 1, 2) / 2
        del state['norm.weight']
        self.load_state_dict(state, strict=False)


@MODELS.register_module()
class Gan(BaseModel):
    """Two optimizers; the generator steps once for `discriminator_steps` of the discriminator."""

    def __init__(self, features=8, discriminator_steps=1):
        super().__init__()
        self.generator = nn.Linear(4, features)
        self.discriminator = nn.Linear(features, 1)
        self.discriminator_steps = discriminator_steps
        self.count = 0

    def train_step(self, data, optim_wrapper):
        real = torch.stack(list(data['inputs']))
        losses = {}
        self.discriminator.requires_grad_(True)
        wrapper = optim_wrapper['discriminator']
        with wrapper.optim_context(self.discriminator):
            fake = self.generator(torch.randn(len(real), 4)).detach()
            losses['loss_disc'] = softplus(self.discriminator(fake)).mean() + softplus(-self.discriminator(real)).mean()
        wrapper.update_params(losses['loss_disc'])
        self.count += 1
        self.discriminator.requires_grad_(False)
        if self.count % self.discriminator_steps == 0:
            wrapper = optim_wrapper['generator']
            with wrapper.optim_context(self.generator):
                losses['loss_gen'] = softplus(-self.discriminator(self.generator(torch.randn(len(real), 4)))).mean()
            wrapper.update_params(losses['loss_gen'])
        return losses

    def forward(self, inputs, mode='tensor', **kwargs):
        return inputs


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class OnePerPart:
    """One optimizer for each part of the model that the config names."""

    def __init__(self, optim_wrapper_cfg, paramwise_cfg=None):
        self.parts = {name: part for name, part in optim_wrapper_cfg.items() if isinstance(part, dict)}

    def __call__(self, model):
        built = {name: build_optim_wrapper(getattr(model, name), part) for name, part in self.parts.items()}
        return OptimWrapperDict(**built)


@METRICS.register_module()
class RightShare(BaseMetric):
    default_prefix = 'toy'

    def process(self, data_batch, data_samples):
        self.results.extend(sample['right'] for sample in data_samples)

    def compute_metrics(self, results):
        return dict(share=sum(results) / len(results), count=len(results))


@METRICS.register_module()
class OfFile(RightShare):
    """Reads annotations of a format of its own, or asks for another measure."""

    def __init__(self, ann_file, measure='share'):
        super().__init__()
        if measure != 'share':
            raise KeyError(f'the measure should be share, but got {measure}')
        self.people = load(ann_file)['people']


@HOOKS.register_module()
class Browsing(Hook):
    """Has a dataset of its own."""

    def __init__(self, dataset):
        self.dataset = DATASETS.build(dataset)


@HOOKS.register_module()
class Counting(Hook):
    """Writes into the message hub what the other hooks see."""

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        runner.message_hub.update_scalar('train/seen', batch_idx)


@HOOKS.register_module()
class Dumping(Hook):
    """Writes the parameters after every micro-batch into the work_dir, for the tests to compare."""

    def __init__(self, path):
        self.path = path

    def before_train(self, runner):
        self._dump(runner, 0)

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        self._dump(runner, runner.iter + 1)

    def _dump(self, runner, number):
        torch.save(runner.model.state_dict(), f'{self.path}-{number}.pth')


@MODELS.register_module()
class Wide(BaseModel):
    """One weight, and as much memory as its inputs take."""

    def __init__(self, features=1):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))

    def forward(self, inputs, target, mode='tensor'):
        inputs = torch.stack(list(inputs)) if isinstance(inputs, (list, tuple)) else inputs
        return dict(loss=(inputs * self.weight).mean())


@MODELS.register_module()
class Tied(BaseModel):
    """Parts that share a weight, a drop rate read from a tensor, a buffer, and nothing that needs a value to be built."""

    def __init__(self, width=64, data_preprocessor=None):
        super().__init__(data_preprocessor=data_preprocessor)
        self.backbone = nn.Sequential(*[nn.Dropout(rate.item()) for rate in torch.linspace(0, 0.5, 3)])
        self.backbone.embed = nn.Embedding(8, width)
        self.head = nn.Linear(width, 8)
        self.head.weight = self.backbone.embed.weight
        self.scale = nn.Parameter(torch.ones(width))
        self.frozen = nn.Linear(width, width).requires_grad_(False)
        self.register_buffer('mean', torch.zeros(width))

    def forward(self, inputs, target, mode='tensor'):
        return dict(loss=self.head(self.backbone(inputs) * self.scale).mean())


@MODELS.register_module()
class Curious(Classifier):
    """Looks at its weights while it is built."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.largest = self.head.weight.max().item()


@OPTIMIZERS.register_module()
class Picky(torch.optim.SGD):
    """Decides by the gradients, so that it takes no step without their values."""

    def step(self, closure=None):
        if all(bool(parameter.grad.norm() > 0) for group in self.param_groups for parameter in group['params']):
            super().step(closure)


@DATASETS.register_module()
class Pictures(BaseDataset):
    """Pictures with labels, in files that the tests do not have."""

    METAINFO = dict(classes=('cat', 'dog', 'emu'))

    def __init__(self, ann_file='pictures.json', data_root='data/pictures', **kwargs):
        super().__init__(ann_file=ann_file, data_root=data_root, **kwargs)


@DATASETS.register_module()
class Persons(BaseDataset):
    """Samples a second picture of the same person."""

    def __init__(self, ann_file='persons.txt', **kwargs):
        super().__init__(ann_file=ann_file, **kwargs)

    def _parse_ann_info(self, data_list):
        self.index_dic = {}
        for index, info in enumerate(data_list):
            self.index_dic.setdefault(int(info['gt_label']), []).append(index)

    def triplet_sampling(self, person):
        return self.get_data_info(self.index_dic[int(person)][1])

    def prepare_data(self, idx):
        own = self.get_data_info(idx)
        other = self.triplet_sampling(own['gt_label'])
        return self.pipeline(dict(own, gt_label=int(own['gt_label'] != other['gt_label'])))


@TRANSFORMS.register_module()
class LoadPicture:
    """Reads a picture; `LoadImageFromFile` of mmcv in short."""

    def __call__(self, results):
        results['img'] = cv2.imread(results['img_path'])
        results['map'] = cv2.imread(results['seg_map_path'], cv2.IMREAD_UNCHANGED)
        return results


@TRANSFORMS.register_module()
class Resized:
    """Makes a picture as large as `scale`: its width and its height."""

    def __init__(self, scale):
        self.scale = tuple(scale)

    def __call__(self, results):
        return dict(results, img=cv2.resize(results['img'], self.scale))


@TRANSFORMS.register_module()
class Pack:
    """What a model gets: the mean of the picture, and the label named `key`."""

    def __init__(self, key='gt_label', size=None):
        self.key, self.size = key, size

    def __call__(self, results):
        assert self.size is None or results['img'].shape[:2] == tuple(self.size)
        mean = results['img'].mean() / 255 * torch.ones(8)
        return dict(inputs=mean, target=results[self.key])


@DATASETS.register_module()
class Scanned(BaseDataset):
    """Takes whatever images lie in its folder, as data sets for generative models do."""

    def __init__(self, data_root, pipeline):
        super().__init__(data_root=data_root, pipeline=pipeline)

    def load_data_list(self):
        names = sorted(os.listdir(self.data_root + '/trainA'))
        return [dict(img_path=self.data_root + '/trainA/' + name, gt_label=0) for name in names]


@TRANSFORMS.register_module()
class LoadScan(LoadPicture):
    def __call__(self, results):
        results['img'] = cv2.imread(results['img_path'])
        return results


@DATASETS.register_module()
class People(BaseDataset):
    """Poses in COCO's format, as the libraries for them parse and group it."""

    METAINFO = dict(num_keypoints=5)

    def __init__(self, data_mode='topdown', ann_file='people.json', **kwargs):
        self.data_mode = data_mode
        super().__init__(ann_file=ann_file, **kwargs)

    def parse_data_info(self, raw_data_info):
        person, image = raw_data_info['raw_ann_info'], raw_data_info['raw_img_info']
        return dict(img_id=person['image_id'], img_path=image['img_path'], bbox=person['bbox'],
                    keypoints=person['keypoints'])  # fmt: skip

    def _get_topdown_data_infos(self, instances):
        return [dict(info, target=len(info['keypoints']) // 3 - 5) for info in instances]

    def _get_bottomup_data_infos(self, instances, images):
        people = {image['img_id']: [] for image in images}
        for info in instances:
            people[info['img_id']].append(info)
        return [dict(image, target=len(people[image['img_id']]) - 2) for image in images]


@DATASETS.register_module()
class Hands(People):
    """Hands in space, seen by a camera, of files that hold both."""

    def __init__(self, ann_file='hands.json', camera_param_file='cameras.json', **kwargs):
        self.camera_param_file = camera_param_file
        super().__init__(ann_file=ann_file, **kwargs)

    @staticmethod
    def encode_handtype(hand_type):
        return ['right', 'left', 'interacting'].index(hand_type)

    def parse_data_info(self, raw_data_info):
        hand, image = raw_data_info['raw_ann_info'], raw_data_info['raw_img_info']
        capture, lens = self.cameras[str(image['capture'])], image['camera']
        points = numpy.array(self.joints[str(image['capture'])][str(image['frame_idx'])]['world_coord'])
        seen = (points - capture['campos'][lens]) @ numpy.array(capture['camrot'][lens]).T
        pixels = seen[:, :2] / seen[:, 2:] * capture['focal'][lens] + capture['princpt'][lens]
        inside = (pixels > 0).all() and (pixels < (image['width'], image['height'])).all()
        target = 0 if inside and len(points) == len(hand['joint_valid']) == 5 else 9
        side = self.encode_handtype(hand['hand_type'])
        return dict(super().parse_data_info(raw_data_info), wrong=target, side=side)

    def _get_topdown_data_infos(self, instances):
        assert {info['side'] for info in instances} == {0, 1, 2}
        return [dict(info, target=info['wrong']) for info in instances]


@DATASETS.register_module()
class Proposed(Pictures):
    """Pictures whose boxes a first stage has found."""

    def __init__(self, proposal_file='found.pkl', **kwargs):
        self.proposal_file = proposal_file
        super().__init__(**kwargs)

    def full_init(self):
        if not self._fully_initialized:
            self.data_list = self.load_data_list()
            self.load_proposals()
            self._fully_initialized = True
            self.serialize_data = False

    def load_proposals(self):
        found = load(os.path.join(self.data_root, self.proposal_file))
        for info in self.data_list:
            info['proposals'] = found[info['img_path']]

    def get_data_info(self, idx):
        info = super().get_data_info(idx)
        boxes, scores = info['proposals']['bboxes'], info['proposals']['scores']
        return dict(info, target=0 if boxes.shape == (len(scores), 4) and len(scores) > len(info['instances']) else 9)


@DATASETS.register_module()
class OddPeople(People):
    """A format of its own, which the general methods of its base do not read."""

    def parse_data_info(self, raw_data_info):
        raise NotImplementedError

    def _get_topdown_data_infos(self, instances):
        return super()._get_topdown_data_infos(instances)


@DATASETS.register_module()
class Actions(BaseDataset):
    """Videos, or folders of their frames."""

    def __init__(self, frames=False, start_index=0, ann_file='actions.txt', **kwargs):
        self.modality, self.start_index, self.frames = 'RGB', start_index, frames
        if frames:
            self.filename_tmpl = 'img_{:05}.jpg'
        super().__init__(ann_file=ann_file, **kwargs)

    def get_data_info(self, idx):
        return dict(super().get_data_info(idx), start_index=self.start_index)


@DATASETS.register_module()
class Tracks(BaseDataset):
    """Videos in which the same objects are in each frame."""

    METAINFO = dict(classes=('cat', 'dog'))

    def __init__(self, ann_file='tracks.json', **kwargs):
        super().__init__(ann_file=ann_file, **kwargs)

    def parse_data_info(self, raw_data_info):
        frame, found = raw_data_info['raw_img_info'], raw_data_info['raw_ann_info']
        return dict(img_path=frame['file_name'], objects=[(item['instance_id'], item['category_id']) for item in found])

    def get_len_per_video(self, idx):
        return len(super().get_data_info(idx)['images'])

    def get_data_info(self, idx):
        info = super().get_data_info(idx)
        first, last = info['images'][0], info['images'][-1]
        assert self.get_len_per_video(idx) == info['video_length'] > 1
        return dict(img_path=last['img_path'], target=int(first['objects'] != last['objects']))


@DATASETS.register_module()
class Lifted(BaseDataset):
    """Poses in space, read with their cameras while the dataset is built."""

    METAINFO = dict(num_keypoints=5)

    def __init__(self, ann_file='poses.npz', camera_param_file=None, data_root='data/lifted', **kwargs):
        self._load_ann_file(os.path.join(data_root, ann_file))
        self.cameras = load(os.path.join(data_root, camera_param_file))
        self.sequence_indices = self.get_sequence_indices()
        super().__init__(ann_file=ann_file, data_root=data_root, **kwargs)

    def _load_ann_file(self, path):
        self.ann_data = numpy.load(path)

    def get_sequence_indices(self):
        return [[index] for index in range(len(self.ann_data['imgname']))]

    def load_data_list(self):
        flat, space = self.ann_data['part'], self.ann_data['S']
        assert all('f' in camera for camera in self.cameras.values())
        return [dict(img=flat[frame], target=int(space[frame].shape != (1, 5, 4))) for frame in self.sequence_indices]


@DATASETS.register_module()
class Eager(BaseDataset):
    """Reads its annotations while it is built."""

    def __init__(self, ann_file='eager.npy', **kwargs):
        super().__init__(ann_file=ann_file, lazy_init=True, **kwargs)
        numpy.load(self.ann_file)


@DATASETS.register_module()
class Asserting(BaseDataset):
    """Looks for a file that only it knows."""

    def __init__(self, names_file='names.txt', **kwargs):
        assert os.path.exists(names_file), f'The file {names_file} does not exist.'
        super().__init__(**kwargs)


@TRANSFORMS.register_module()
class LoadClip:
    """Reads the last frame."""

    def __call__(self, results):
        if 'frame_dir' in results:
            last = results['total_frames'] - 1 + results['start_index']
            results['img'] = cv2.imread('{}/img_{:05}.jpg'.format(results['frame_dir'], last))
        else:
            video = cv2.VideoCapture(results['filename'])
            while video.isOpened():
                there, frame = video.read()
                if not there:
                    break
                results['img'] = frame
        return results


@TRANSFORMS.register_module()
class LoadImage:
    def __call__(self, results):
        results['img'] = cv2.imread(results['img_path'])
        return results


@TRANSFORMS.register_module()
class Copied:
    """For samples whose picture is there."""

    def __call__(self, results):
        return dict(results)
