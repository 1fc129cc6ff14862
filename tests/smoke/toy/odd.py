"""Components that are right, but of unusual kinds; and some that are wrong without raising anything."""

from __future__ import annotations

import os
import urllib.request

import torch
from mmengine.hooks import Hook, LoggerHook
from mmengine.model import BaseDataPreprocessor, BaseModel
from mmengine.optim import OptimWrapper
from mmengine.registry import DATASETS, HOOKS, LOOPS, MODELS, OPTIM_WRAPPERS, TRANSFORMS, Registry
from mmengine.runner import IterBasedTrainLoop
from mmengine.runner.checkpoint import CheckpointLoader, load_checkpoint, load_state_dict
from torch import nn

from toylib import Classifier

OWN_MODELS = Registry('model', parent=MODELS, scope='toys', locations=['toylib'])


@LOOPS.register_module()
class Quiet(IterBasedTrainLoop):
    """Calls none of the hooks around an iteration."""

    def run_iter(self, data_batch):
        self.runner.model.train_step(data_batch, optim_wrapper=self.runner.optim_wrapper)
        self._iter += 1


@OPTIM_WRAPPERS.register_module()
class Direct(OptimWrapper):
    """Steps past its own methods."""

    def update_params(self, loss, **kwargs):
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()


@MODELS.register_module()
class Swallowing(Classifier):
    """Hides what goes wrong in a step."""

    def train_step(self, data, optim_wrapper):
        try:
            return super().train_step({**data, 'inputs': None}, optim_wrapper)
        except TypeError:
            return dict(loss=torch.zeros(()))


@MODELS.register_module()
class Lossless(Classifier):
    def forward(self, inputs, target, mode='tensor'):
        losses = super().forward(inputs, target, mode)
        return dict(energy=losses['loss_cls']) if mode == 'loss' else losses


@MODELS.register_module()
class Reporting(Classifier):
    """Logs a number that is not finite, and trains on one that is."""

    def forward(self, inputs, target, mode='tensor'):
        losses = super().forward(inputs, target, mode)
        return dict(losses, recall=losses['loss_cls'].detach() * float('nan')) if mode == 'loss' else losses


@MODELS.register_module()
class Pretrained(Classifier):
    """Loads weights by itself, as transformers do that fit their position embeddings."""

    def init_weights(self):
        checkpoint = CheckpointLoader.load_checkpoint('https://weights.example.com/vit.pth', map_location='cpu')
        state = checkpoint['state_dict'] if 'state_dict' in checkpoint else checkpoint.copy()
        load_state_dict(self, state, strict=False)
        self.load_state_dict({name: value for name, value in state.items() if name}, strict=True)


@MODELS.register_module()
class Measuring(Classifier):
    """Computes with what the weights say."""

    def init_weights(self):
        checkpoint = CheckpointLoader.load_checkpoint('https://weights.example.com/vit.pth', map_location='cpu')
        self.grid = int(checkpoint['pos_embed'].shape[1] ** 0.5)


@MODELS.register_module()
class Fetching(Classifier):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        try:
            urllib.request.urlopen('https://weights.example.com/vocabulary.txt', timeout=5)
        except OSError as error:
            raise RuntimeError('the vocabulary cannot be had') from error


@MODELS.register_module()
class Synchronised(BaseModel):
    """Keeps a layer where MMEngine does not find it."""

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 2)
        self.hidden = [nn.SyncBatchNorm(2)]

    def forward(self, inputs, target, mode='tensor'):
        return dict(loss=self.hidden[0](self.head(torch.stack(list(inputs)))).square().mean() + self.head.bias.sum())


@MODELS.register_module()
class Empty(Classifier):
    """Leaves a parameter for its weights to fill."""

    def __init__(self, pretrained=None, **kwargs):
        super().__init__(**kwargs)
        self.pretrained, self.scale = pretrained, torch.nn.Parameter(torch.empty(1))

    def init_weights(self):
        super().init_weights()
        if self.pretrained:
            load_checkpoint(self, self.pretrained)

    def forward(self, inputs, target, mode='tensor'):
        losses = super().forward(inputs, target, mode)
        return {name: loss * self.scale.sum() for name, loss in losses.items()}


@MODELS.register_module()
class OnlyOnCuda(Classifier):
    """Uses an operator that was not written for CPUs."""

    def forward(self, inputs, target, mode='tensor'):
        raise RuntimeError('carafe_forward_impl: implementation for device cpu not found.')


@MODELS.register_module()
class Gathering(Classifier):
    def forward(self, inputs, target, mode='tensor'):
        torch.distributed.all_reduce(target)
        return super().forward(inputs, target, mode)


@MODELS.register_module()
class Explained(Classifier):
    """Says what an error means."""

    def __init__(self, strides=None, **kwargs):
        super().__init__(**kwargs)
        try:
            (strides or {})['p3']
        except KeyError as error:
            raise ValueError('each level of the head needs a stride') from error


@MODELS.register_module()
class BadStart(Classifier):
    def init_weights(self):
        torch.nn.init.constant_(self.neck.linear.bias, float('inf'))


@TRANSFORMS.register_module()
class Spoil:
    """Divides by a standard deviation of zero."""

    def __call__(self, results):
        return dict(results, inputs=results['inputs'] / 0.0)


@MODELS.register_module()
class Scaler(BaseDataPreprocessor):
    def __init__(self, std=1.0):
        super().__init__()
        self.std = std

    def forward(self, data, training=False):
        return dict(data, inputs=data['inputs'] / self.std)


@TRANSFORMS.register_module()
class Ending:
    """Lets an iterator end where it should not."""

    def __init__(self, after=0):
        self.left = after

    def __call__(self, results):
        self.left -= 1
        return results if self.left >= 0 else next(iter(()))


@HOOKS.register_module()
class Writing(Hook):
    """Writes as C code does: no audit hook of Python's sees it coming."""

    def __init__(self, path, shell=False):
        self.path = path

    def before_train(self, runner):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path, 'w') as stream:
            stream.write('was here')


@HOOKS.register_module()
class Replacing(Hook):
    """Trains with another optimizer than the config's."""

    def before_train(self, runner):
        runner.optim_wrapper = OptimWrapper(torch.optim.Adam(runner.model.parameters(), lr=0.01))


@DATASETS.register_module()
class Dry(torch.utils.data.IterableDataset):
    """A stream without samples."""

    def __iter__(self):
        return iter(())


@MODELS.register_module()
class Demanding(Classifier):
    def forward(self, inputs, target, mode='tensor'):
        assert len(inputs) >= 4, 'four samples, at least'
        return super().forward(inputs, target, mode)


@HOOKS.register_module()
class Asking(Hook):
    """Looks for a hook of the run, and for a section of the config."""

    def before_train(self, runner):
        assert any(isinstance(hook, LoggerHook) for hook in runner.hooks)
        assert runner.cfg.val_cfg is not None


@TRANSFORMS.register_module()
class AsWorker:
    """Asks which worker it is in."""

    def __call__(self, results):
        return dict(results, worker=torch.utils.data.get_worker_info().id)


@HOOKS.register_module()
class Counted(Hook):
    """Looks at the validation set before there is any validation."""

    def before_train(self, runner):
        self.batches = len(runner.val_dataloader) + len(runner.val_evaluator.metrics)
