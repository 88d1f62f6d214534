using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Rules by which channels propagate through operators that move channels, such as Reshape and Transpose.</summary>
internal sealed partial class ChannelAnalysis
{
    private void FollowReshape(NodeProto node)
    {
        if (!HasChannels(node.Input[0]))
            return;
        if (
            Shape(node.Input[0]) is not { } from
            || Shape(node.Output[0]) is not { } to
            || ReshapeMapping.Map(Classes, Channels(node.Input[0]), from, to) is not { } mapped
        )
        {
            LockInputs(node, $"{node.OpType} mixes it with other axes");
            return;
        }

        if (node.OpType == "Reshape" && !TrackShape(node, 1, mapped))
            return;
        Give(node, mapped);
    }

    // Tracks the numbers of a constant shape that have to change with the channels: those other than 0, which copies a size, and −1, which is inferred.
    private bool TrackShape(NodeProto node, int input, int[]?[] axes)
    {
        if (Numbers(node, input) is not { } numbers)
        {
            LockInputs(node, $"the target shape of {node.OpType} is computed");
            return false;
        }

        for (var axis = 0; axis < axes.Length; axis++)
            if (axes[axis] is { } channels && numbers[axis] > 0)
                _sizes.Add(new SizeEntry(node, null, input, axis, channels));
        return true;
    }

    private void FollowTranspose(NodeProto node)
    {
        var axes = Channels(node.Input[0]);
        var order = node.GetInts("perm") ?? [.. Enumerable.Range(0, axes.Length).Reverse().Select(axis => (long)axis)];
        if (order.Length == axes.Length)
            Give(node, [.. order.Select(axis => axes[axis])]);
    }

    private void FollowConcat(NodeProto node)
    {
        if (!node.Input.Any(HasChannels))
            return;
        if (node.Input.Any(input => Shape(input) is null) || node.Input.Select(input => Shape(input)!.Length).Distinct().Count() > 1)
        {
            LockInputs(node, "it is concatenated with a value of unknown shape");
            return;
        }

        var rank = Shape(node.Input[0])!.Length;
        var along = (int)node.GetInt("axis");
        along += along < 0 ? rank : 0;
        int[] all = [.. Enumerable.Range(0, node.Input.Count)];
        Give(node, [.. Enumerable.Range(0, rank).Select(axis => axis == along ? Chain(node, along) : Meet(node, all, rank, axis))]);
    }

    private int[]? Chain(NodeProto node, int axis)
    {
        if (!node.Input.Any(input => Channels(input)[axis] is not null))
            return null;
        if (node.Input.Any(input => Channels(input)[axis] is null && Shape(input)![axis] < 0))
        {
            LockInputs(node, "it is concatenated with a value of unknown size");
            return null;
        }

        return [.. node.Input.SelectMany(input => Channels(input)[axis] ?? Kept((int)Shape(input)![axis]))];
    }

    private int[] Kept(int count)
    {
        var channels = Classes.Create(count);
        Classes.Lock(channels, "it is an input of the model, or its source is not supported");
        return channels;
    }

    private void FollowSplit(NodeProto node)
    {
        var axes = Channels(node.Input[0]);
        if (!HasChannels(node.Input[0]))
            return;
        var along = (int)node.GetInt("axis");
        along += along < 0 ? axes.Length : 0;
        var isListed = node.InputAt(1).Length > 0 ? _main.IsConstant(node.Input[1]) : node.GetInts("split") is not null;
        var first = 0;
        foreach (var (position, output) in node.Output.Index())
        {
            var given = axes.ToArray();
            if (axes[along] is { } channels)
            {
                if (!isListed || Shape(output) is not { } shape || shape[along] < 0)
                {
                    LockInputs(node, "it is split into equal parts, or into parts of unknown sizes");
                    return;
                }

                given[along] = channels[first..(first += (int)shape[along])];
                _sizes.Add(new SizeEntry(node, node.InputAt(1).Length > 0 ? null : "split", 1, position, given[along]!));
            }

            _channels[output] = given;
        }
    }

    // Propagates channels through a Slice, which takes a contiguous part of an axis. The start and the end of the slice count the channels before them.
    private void FollowSlice(NodeProto node)
    {
        var axes = Channels(node.Input[0]).ToArray();
        if (!HasChannels(node.Input[0]))
            return;
        if (
            Numbers(node, 1) is not { } from
            || Numbers(node, 2) is not { } to
            || (node.InputAt(3).Length > 0 && Numbers(node, 3) is null)
            || (node.InputAt(4).Length > 0 && Numbers(node, 4) is null)
        )
        {
            LockInputs(node, "the bounds of its slice are computed");
            return;
        }

        for (var i = 0; i < from.Length; i++)
        {
            var axis = (int)(Numbers(node, 3)?[i] ?? i);
            axis += axis < 0 ? axes.Length : 0;
            if (axes[axis] is not { } channels)
                continue;
            if ((Numbers(node, 4)?[i] ?? 1) != 1)
            {
                Classes.Lock(channels, "it is sliced with a step");
                axes[axis] = null;
                continue;
            }

            var (first, last) = (Border(from[i], channels.Length), Border(to[i], channels.Length));
            axes[axis] = channels[first..Math.Max(first, last)];
            _sizes.Add(new SizeEntry(node, null, 1, i, channels[..first]));
            _sizes.Add(new SizeEntry(node, null, 2, i, channels[..Math.Max(first, last)]));
        }

        Give(node, axes);
    }

    private long[]? Numbers(NodeProto node, int input) =>
        _main.TryGetConstant(node.InputAt(input), out var list) && list.DataType == (int)DataType.Int64 ? list.Span<long>().ToArray() : null;

    private static int Border(long border, int size) => (int)Math.Clamp(border < 0 ? border + size : border, 0, size);

    private void FollowGather(NodeProto node)
    {
        if (!HasChannels(node.Input[0]))
            return;
        var axes = Channels(node.Input[0]);
        var along = (int)node.GetInt("axis");
        along += along < 0 ? axes.Length : 0;
        if (Shape(node.InputAt(1)) is not { } indices)
        {
            LockInputs(node, "it is gathered by indices of unknown shape");
            return;
        }

        Lock([axes[along]], "it is gathered by index");
        Give(node, [.. axes[..along], .. new int[]?[indices.Length], .. axes[(along + 1)..]]);
    }

    private void FollowReduction(NodeProto node)
    {
        if (!HasChannels(node.Input[0]))
            return;
        var axes = Channels(node.Input[0]);
        long[]? reduced = node.InputAt(1).Length == 0 ? node.GetInts("axes") ?? [] : Numbers(node, 1);
        if (reduced is null)
        {
            LockInputs(node, "the axes of its reduction are computed");
            return;
        }

        // Without the attribute 'noop_with_empty_axes', an empty list of axes stands for all axes.
        if (reduced.Length == 0 && node.GetInt("noop_with_empty_axes") == 0)
            reduced = [.. Enumerable.Range(0, axes.Length).Select(axis => (long)axis)];
        var worked = reduced.Select(axis => (int)(axis < 0 ? axis + axes.Length : axis)).ToHashSet();
        Lock(worked.Select(axis => axes[axis]), $"{node.OpType} sums over it");
        var kept = node.GetInt("keepdims", 1) == 1;
        Give(
            node,
            [.. Enumerable.Range(0, axes.Length).Where(axis => kept || !worked.Contains(axis)).Select(axis => worked.Contains(axis) ? null : axes[axis])]
        );
    }
}
