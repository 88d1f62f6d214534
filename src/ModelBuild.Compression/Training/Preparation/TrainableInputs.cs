using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>The inputs of operators at which a constant is a weight, a bias or a scale that training can change.</summary>
internal static class TrainableInputs
{
    private static readonly Dictionary<(string Domain, string OpType), int[]> Positions = new()
    {
        [("", "Conv")] = [1, 2],
        [("", "ConvTranspose")] = [1, 2],
        [("", "MatMul")] = [0, 1],
        [("", "Gemm")] = [0, 1, 2],
        [("", "Einsum")] = [0, 1, 2, 3],
        [("", "Gather")] = [0],
        [("", "PRelu")] = [1],
        // Inputs 3 and 4 of BatchNormalization, the running mean and variance, have no gradient.
        [("", "BatchNormalization")] = [1, 2],
        [("", "InstanceNormalization")] = [1, 2],
        [("", "LayerNormalization")] = [1, 2],
        [("", "GroupNormalization")] = [1, 2],
        // Of the inputs of LSTM and GRU, the sequence lengths (4) and the first states (5, 6) are no weights, but the peepholes of an LSTM (7) are.
        [("", "LSTM")] = [1, 2, 3, 7],
        [("", "GRU")] = [1, 2, 3],
        [("", "RNN")] = [1, 2, 3],
        [(Domains.Microsoft, "FusedConv")] = [1, 2],
        [(Domains.Microsoft, "FusedMatMul")] = [0, 1],
        [(Domains.Microsoft, "FusedGemm")] = [0, 1, 2],
        [(Domains.Microsoft, "Attention")] = [1, 2],
        [(Domains.Microsoft, "MultiHeadAttention")] = [3],
        [(Domains.Microsoft, "BiasGelu")] = [1],
        [(Domains.Microsoft, "FastGelu")] = [1],
        [(Domains.Microsoft, "EmbedLayerNormalization")] = [2, 3, 4, 5, 6],
        [(Domains.Microsoft, "SkipLayerNormalization")] = [2, 3, 4],
        [("", "SimplifiedLayerNormalization")] = [1],
    };

    // The operators that move or copy elements of their first input to the output.
    private static readonly HashSet<string> Movements = new(
        ["Expand", "Flatten", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze"],
        StringComparer.Ordinal
    );

    /// <summary>Returns whether a constant at this input is a parameter, whatever the other inputs are.</summary>
    public static bool IsWeight(NodeProto node, int index) =>
        Positions.TryGetValue((Domains.Normalize(node.Domain), node.OpType), out var positions) && positions.Contains(index);

    /// <summary>Returns whether a constant of several elements at an input is a parameter if another input depends on a parameter.</summary>
    public static bool IsOperand(NodeProto node) => node.OpType is "Add" or "Sub" or "Mul" or "Div" or "Sum" or "Concat" && node.IsStandard();

    /// <summary>Returns whether the outputs of the node consist of elements of the given input.</summary>
    public static bool IsMovement(NodeProto node, int index) => index == 0 && node.IsStandard() && Movements.Contains(node.OpType);

    /// <summary>Returns whether the node reads only the shape of this input.</summary>
    public static bool IsShapeOnly(NodeProto node) => node.IsStandard() && node.OpType is "Shape" or "Size";
}
