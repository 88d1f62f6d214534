using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Rules by which channels propagate through layers, which read some channels and compute others.</summary>
internal sealed partial class ChannelAnalysis
{
    private void FollowLayer(NodeProto node, WeightedOperator layer)
    {
        if (layer.Kind == WeightedKind.Convolution)
            FollowConv(node);
        else if (layer.Kind == WeightedKind.TransposedConvolution)
            FollowConvTranspose(node);
        else if (layer.HasFactors)
            FollowGemm(node);
        else
            FollowMatMul(node);
    }

    private void FollowConv(NodeProto node)
    {
        if (!_main.TryGetConstant(node.InputAt(1), out var weight) || Channels(node.Input[0]) is not { Length: > 2 } axes || !IsBias(node, 2))
        {
            LockInputs(node, "its weights or its shape are unknown");
            return;
        }

        var groups = WeightedOperator.Of(node).Groups(node);
        var (outputs, inputsOfGroup) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        int[]? made;
        if (groups > 1 && inputsOfGroup == 1)
            made = FollowDepthwise(node, axes[1], outputs / groups);
        else
        {
            made = Classes.Create(outputs);
            AddSlot(node, 1, 0, made, SlotRole.Makes);
            // The channels at the same place of all groups are joined, because each group of a grouped convolution loses the same number of channels.
            for (var i = outputs / groups; i < outputs; i++)
                Classes.Join(made[i % (outputs / groups)], made[i]);
            if (axes[1] is { } read)
            {
                for (var i = inputsOfGroup; i < read.Length; i++)
                    Classes.Join(read[i % inputsOfGroup], read[i]);
                AddSlot(node, 1, 1, read[..inputsOfGroup], SlotRole.Reads);
            }
        }

        if (made is null)
            return;
        if (node.InputAt(2).Length > 0)
            AddSlot(node, 2, 0, made, SlotRole.Changes);
        var given = new int[]?[axes.Length];
        given[1] = made;
        Give(node, given);
    }

    private int[]? FollowDepthwise(NodeProto node, int[]? read, int multiplier)
    {
        if (read is null)
            return null;
        var made = new int[read.Length * multiplier];
        for (var i = 0; i < made.Length; i++)
            made[i] = read[i / multiplier];
        AddSlot(node, 1, 0, made, SlotRole.Changes);
        _sizes.Add(new SizeEntry(node, "group", 0, -1, read));
        return made;
    }

    private void FollowConvTranspose(NodeProto node)
    {
        if (
            WeightedOperator.Of(node).Groups(node) != 1
            || !_main.TryGetConstant(node.InputAt(1), out var weight)
            || Channels(node.Input[0]) is not { Length: > 2 } axes
            || !IsBias(node, 2)
        )
        {
            LockInputs(node, "it is a grouped transposed convolution, or its weights are unknown");
            return;
        }

        if (axes[1] is { } read)
            AddSlot(node, 1, 0, read, SlotRole.Reads);
        var made = Classes.Create((int)weight.Dims[1]);
        AddSlot(node, 1, 1, made, SlotRole.Makes);
        if (node.InputAt(2).Length > 0)
            AddSlot(node, 2, 0, made, SlotRole.Changes);
        var given = new int[]?[axes.Length];
        given[1] = made;
        Give(node, given);
    }

    private void FollowGemm(NodeProto node)
    {
        if (!_main.TryGetConstant(node.InputAt(1), out var weight) || weight.Dims.Count != 2 || WeightedOperator.Of(node).IsInputTransposed(node))
        {
            LockInputs(node, "it is a product whose second operand is not constant or whose first operand is transposed");
            return;
        }

        var isTransposed = WeightedOperator.Of(node).IsWeightTransposed(node);
        var made = Classes.Create((int)weight.Dims[isTransposed ? 0 : 1]);
        if (Channels(node.Input[0]) is { Length: 2 } axes)
        {
            if (axes[1] is { } read)
                AddSlot(node, 1, isTransposed ? 1 : 0, read, SlotRole.Reads);
            Lock([axes[0]], "it is the rows of a product");
        }

        AddSlot(node, 1, isTransposed ? 0 : 1, made, SlotRole.Makes);
        if (node.InputAt(2).Length > 0)
            AddRowOperand(node, 2, made);
        Give(node, null, made);
    }

    // Adds the third operand of Gemm, which is broadcast to the product as in an Add.
    private void AddRowOperand(NodeProto node, int input, int[] made)
    {
        if (_main.TryGetConstant(node.Input[input], out var row) && row.Dims.Count is 1 or 2 && (row.Dims[^1] == made.Length || row.ElementCount() == 1))
        {
            if (row.Dims[^1] == made.Length)
                AddSlot(node, input, row.Dims.Count - 1, made, SlotRole.Changes);
        }
        else if (!_main.TryGetConstant(node.Input[input], out row) || row.ElementCount() != 1)
        {
            Classes.Lock(made, "its bias is computed");
            LockInputs(node, "it is added to a product");
        }
    }

    private void FollowMatMul(NodeProto node)
    {
        if (_main.TryGetConstant(node.InputAt(1), out var weight) && weight.Dims.Count == 2 && Shape(node.Input[0]) is { Length: > 1 })
        {
            var given = Channels(node.Input[0]).ToArray();
            if (given[^1] is { } read)
                AddSlot(node, 1, 0, read, SlotRole.Reads);
            given[^1] = Classes.Create((int)weight.Dims[1]);
            AddSlot(node, 1, 1, given[^1]!, SlotRole.Makes);
            Give(node, given);
        }
        else if (
            !_main.IsConstant(node.Input[0])
            && !_main.IsConstant(node.Input[1])
            && Shape(node.Input[0]) is { Length: > 1 } left
            && Shape(node.Input[1]) is { Length: > 1 } right
            && left.Length == right.Length
        )
            FollowProduct(node);
        else
            LockInputs(node, "it is a product of operands with unknown channels");
    }

    // Propagates channels through a product of activations. The channels of the summed axis are joined if both operands have them, and locked otherwise. The
    // last axis of each operand that is not summed propagates, and the axes before it are broadcast as in an Add.
    private void FollowProduct(NodeProto node)
    {
        var (left, right) = (Channels(node.Input[0]), Channels(node.Input[1]));
        if (left[^1] is { } summed && right[^2] is { } other)
            Classes.Join(summed, other);
        else
            Lock([left[^1], right[^2]], "it is summed over in a product");
        var given = new int[]?[left.Length];
        for (var axis = 0; axis < left.Length - 2; axis++)
            given[axis] = Meet(node, [0, 1], left.Length, axis);
        (given[^2], given[^1]) = (left[^2], right[^1]);
        Give(node, given);
    }

    private bool IsBias(NodeProto node, int input) => node.InputAt(input).Length == 0 || _main.IsConstant(node.Input[input]);
}
