using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Rules by which channels propagate through operators that compute each channel by itself.</summary>
internal sealed partial class ChannelAnalysis
{
    private void FollowElementwise(NodeProto node)
    {
        var operands = Enumerable.Range(0, node.Input.Count).Where(input => node.Input[input].Length > 0).ToArray();
        if (operands.Any(input => Shape(node.Input[input]) is null))
        {
            LockInputs(node, $"{node.OpType} combines it with a value of unknown shape");
            return;
        }

        var rank = operands.Max(input => Shape(node.Input[input])!.Length);
        Give(node, [.. Enumerable.Range(0, rank).Select(axis => Meet(node, operands, rank, axis))]);
    }

    // Joins the channels of the broadcast operands along one axis of the result, counted from the front, and returns them; null if there are none.
    private int[]? Meet(NodeProto node, int[] operands, int rank, int axis)
    {
        var along = operands
            .Select(input => (Input: input, Axis: axis - rank + Shape(node.Input[input])!.Length))
            .Where(operand => operand.Axis >= 0)
            .Select(operand =>
                (
                    operand.Input,
                    operand.Axis,
                    Size: Shape(node.Input[operand.Input])![operand.Axis],
                    Channels: Channels(node.Input[operand.Input])[operand.Axis]
                )
            )
            .Where(operand => operand.Size != 1 || operand.Channels is not null)
            .ToArray();
        if (along.Any(operand => operand.Size != 1))
        {
            Lock(along.Where(operand => operand.Size == 1).Select(operand => operand.Channels), $"{node.OpType} broadcasts it");
            along = [.. along.Where(operand => operand.Size != 1)];
        }

        if (along.FirstOrDefault(operand => operand.Channels is not null).Channels is not { } channels)
            return null;
        foreach (var operand in along)
            if (operand.Channels is { } others)
            {
                if (others.Length == channels.Length)
                    Classes.Join(channels, others);
                else
                    Lock([channels, others], $"{node.OpType} broadcasts it");
            }
            else if (operand.Size == channels.Length && _main.IsConstant(node.Input[operand.Input]))
                AddSlot(node, operand.Input, operand.Axis, channels, SlotRole.Changes);
            else
                Classes.Lock(channels, $"{node.OpType} combines it with a value that keeps its size");
        return channels;
    }

    // Propagates channels through a normalization, which has one statistic or one parameter for each channel along one axis.
    private void FollowNormalization(NodeProto node, int axis, IEnumerable<int> parameters)
    {
        var axes = Channels(node.Input[0]);
        if (!HasChannels(node.Input[0]))
            return;
        var at = axis < 0 ? axis + axes.Length : axis;
        foreach (var input in parameters.Where(input => node.InputAt(input).Length > 0))
            if (axes[at] is { } channels)
            {
                if (_main.TryGetConstant(node.Input[input], out var parameter) && parameter.Dims.Count == 1 && parameter.Dims[0] == channels.Length)
                    AddSlot(node, input, 0, channels, SlotRole.Changes);
                else
                    Classes.Lock(channels, $"{node.OpType} has parameters that are not constant, or not one for each channel");
            }

        Give(node, axes);
    }

    // Locks the channels on the axes along which an operator works. Channels on other axes propagate to the output.
    private void FollowAlong(NodeProto node, IEnumerable<int> worked)
    {
        var axes = Channels(node.Input[0]).ToArray();
        foreach (var axis in worked.Select(axis => axis < 0 ? axis + axes.Length : axis).Where(axis => axis >= 0 && axis < axes.Length))
        {
            Lock([axes[axis]], $"{node.OpType} computes along it");
            axes[axis] = null;
        }

        Give(node, axes);
    }
}
