using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Selects the rule by which channels propagate through each operator.</summary>
internal sealed partial class ChannelAnalysis
{
    private void Follow(NodeProto node)
    {
        if (!node.IsStandard())
        {
            LockInputs(node, $"{node.Domain}.{node.OpType} reads it");
            return;
        }

        if (
            node.OpType != "Split"
            && node.Output.Skip(1).Any(output => output.Length > 0 && (_main.Consumers(output).Count > 0 || _main.IsOutputAnywhere(output)))
        )
        {
            LockInputs(node, $"{node.OpType} has more than one output");
            return;
        }

        switch (node.OpType)
        {
            case var _ when WeightedOperator.FindLinear(node) is { } layer:
                FollowLayer(node, layer);
                break;
            case "Relu"
            or "LeakyRelu"
            or "Elu"
            or "Selu"
            or "Celu"
            or "Sigmoid"
            or "HardSigmoid"
            or "HardSwish"
            or "Softplus"
            or "Softsign"
            or "ThresholdedRelu"
            or "Mish"
            or "Gelu"
            or "Tanh"
            or "Erf"
            or "Exp"
            or "Log"
            or "Sqrt"
            or "Reciprocal"
            or "Abs"
            or "Neg"
            or "Floor"
            or "Ceil"
            or "Round"
            or "Sign"
            or "Sin"
            or "Cos"
            or "Cast"
            or "Identity"
            or "Dropout"
            or "Not"
            or "IsNaN"
            or "IsInf":
            case "Clip" when node.Input.Skip(1).All(bound => bound.Length == 0 || !HasChannels(bound)):
            case "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" or "MaxPool" or "AveragePool" or "LpPool":
                Give(node, Channels(node.Input[0]));
                break;
            case "Add"
            or "Sub"
            or "Mul"
            or "Div"
            or "Pow"
            or "PRelu"
            or "Min"
            or "Max"
            or "Sum"
            or "Mean"
            or "Where"
            or "Mod"
            or "And"
            or "Or"
            or "Xor"
            or "Equal"
            or "Greater"
            or "GreaterOrEqual"
            or "Less"
            or "LessOrEqual":
                FollowElementwise(node);
                break;
            case "BatchNormalization" when node.Output.Count == 1 && node.GetInt("training_mode") == 0:
                FollowNormalization(node, 1, [1, 2, 3, 4]);
                break;
            case "InstanceNormalization":
                FollowNormalization(node, 1, [1, 2]);
                break;
            case "LayerNormalization"
                when node.Output.Count == 1 && (node.GetInt("axis", -1) == -1 || node.GetInt("axis", -1) == Channels(node.Input[0]).Length - 1):
                FollowNormalization(node, -1, [1, 2]);
                break;
            case "Softmax" or "LogSoftmax" or "Hardmax" when IsOneAxis(node):
                FollowAlong(node, [(int)node.GetInt("axis", -1)]);
                break;
            case "CumSum":
                FollowAlong(node, Enumerable.Range(0, Channels(node.Input[0]).Length));
                break;
            case "Pad" or "Resize" or "Upsample" or "Expand" or "Tile":
                FollowResizing(node);
                break;
            case "Reshape" when node.GetInt("allowzero") == 0:
            case "Flatten" or "Squeeze" or "Unsqueeze":
                FollowReshape(node);
                break;
            case "Transpose":
                FollowTranspose(node);
                break;
            case "Concat":
                FollowConcat(node);
                break;
            case "Split":
                FollowSplit(node);
                break;
            case "Slice":
                FollowSlice(node);
                break;
            case "Gather":
                FollowGather(node);
                break;
            case "ReduceMean"
            or "ReduceSum"
            or "ReduceMax"
            or "ReduceMin"
            or "ReduceProd"
            or "ReduceL1"
            or "ReduceL2"
            or "ReduceSumSquare"
            or "ReduceLogSum"
            or "ReduceLogSumExp":
                FollowReduction(node);
                break;
            // Shape and Size compute the sizes of their input at run time, so their output needs no change when channels are removed.
            case "Shape" or "Size":
                break;
            default:
                LockInputs(node, $"{node.OpType} reads it");
                break;
        }
    }

    // Returns whether Softmax normalizes along the last axis alone. Up to opset 12, it normalizes over all axes from its attribute 'axis' to the last one.
    private bool IsOneAxis(NodeProto node) =>
        _main.Model.Opset() >= 13 || node.GetInt("axis", 1) is var axis && (axis == -1 || axis == Channels(node.Input[0]).Length - 1);

    // Returns the channels of the axes that the numbers of a list input describe: the axes in the attribute 'axes' of Resize, or the last axes if the list is
    // shorter than the shape.
    private int[]?[] Listed(NodeProto node, int input, int[]?[] axes)
    {
        if (node.OpType == "Resize" && node.GetInts("axes") is { } named)
            return [.. named.Select(axis => axes[axis < 0 ? axis + axes.Length : axis])];
        return Numbers(node, input) is { } numbers && numbers.Length < axes.Length ? axes[^numbers.Length..] : axes;
    }

    // Propagates channels through a node that changes sizes, such as Pad or Resize. Channels on axes that keep their size propagate.
    private void FollowResizing(NodeProto node)
    {
        if (!HasChannels(node.Input[0]))
            return;
        var (from, to) = (Shape(node.Input[0]), Shape(node.Output[0]));
        var axes = Channels(node.Input[0]);
        var areKept =
            from is not null
            && to is not null
            && from.Length == to.Length
            && Enumerable.Range(0, axes.Length).All(axis => axes[axis] is null || (from[axis] == to[axis] && from[axis] == axes[axis]!.Length));
        // The constant lists of sizes would have to change with the channels, so their entries are tracked.
        var lists = node.OpType switch
        {
            "Resize" => node.InputAt(3).Length > 0 ? 3 : -1,
            "Expand" => 1,
            _ => -1,
        };
        if (!areKept || (lists > 0 && !TrackShape(node, lists, Listed(node, lists, axes))))
        {
            LockInputs(node, $"{node.OpType} changes its size or reads it");
            return;
        }

        Give(node, axes);
    }
}
