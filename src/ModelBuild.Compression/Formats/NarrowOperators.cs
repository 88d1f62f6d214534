using ModelBuild.Onnx;
using static ModelBuild.Compression.Formats.OperatorKind;

namespace ModelBuild.Compression.Formats;

/// <summary>
/// The operators with 16-bit float inputs, and the opset version in which the support starts (ONNX operator changelog; ONNX Runtime's contrib operators). All
/// other operators stay float32. Some have no 16-bit float in their type constraints (Range, NonMaxSuppression, Celu, ai.onnx.ml, …), and others lose too
/// much precision (CumSum, TopK, RoiAlign, GridSample, random numbers, spectra).
/// </summary>
internal static class NarrowOperators
{
    private const long Never = OperatorRule.Never;

    private static readonly Dictionary<(string Domain, string OpType), OperatorRule> Rules = Table();

    /// <summary>All operators that support 16-bit floats, with their rules.</summary>
    public static IReadOnlyDictionary<(string Domain, string OpType), OperatorRule> All => Rules;

    /// <summary>Returns the rule of a node's operator, or null when the operator stays float32.</summary>
    public static OperatorRule? Find(NodeProto node) => Rules.GetValueOrDefault((Domains.Normalize(node.Domain), node.OpType));

    private static Dictionary<(string Domain, string OpType), OperatorRule> Table()
    {
        var rules = new Dictionary<(string Domain, string OpType), OperatorRule>();

        void Add(string names, OperatorRule rule, string domain = "")
        {
            foreach (var name in names.Split(' '))
                rules.Add((domain, name), rule);
        }

        Add("MatMul Gemm", new OperatorRule(Layer, 7, 13) { Multiplies = true });
        Add("Conv ConvTranspose LSTM GRU RNN", new OperatorRule(Layer, 7, 22) { Multiplies = true });
        Add("Einsum", new OperatorRule(Layer, 12, Never) { Multiplies = true });

        Add("Concat DepthToSpace Flatten Gather Identity Pad Reshape Slice SpaceToDepth Split Squeeze Tile Transpose Unsqueeze", new OperatorRule(Move, 7, 13));
        Add("Expand", new OperatorRule(Move, 8, 13));
        Add("Where", new OperatorRule(Move, 9, 16));
        Add("GatherElements GatherND ScatterElements ScatterND", new OperatorRule(Move, 11, 13));
        Add("Trilu", new OperatorRule(Move, 14, 14));
        Add("MaxPool GlobalMaxPool", new OperatorRule(Move, 7, 22));
        Add("Compress", new OperatorRule(Move, 9, Never));
        Add("If", new OperatorRule(Move, 7, 13));
        Add("Cast", new OperatorRule(Move, 7, 13) { TakesAny = true });
        Add("ConstantOfShape", new OperatorRule(Move, 9, 20));
        Add("Shape Size", new OperatorRule(Move, 7, 13) { TakesAny = true });

        Add("Abs Add Ceil Exp Floor Log LogSoftmax Neg Reciprocal Relu Sigmoid Softmax Sqrt Sub Sum Tanh Mean", new OperatorRule(Light, 7, 13));
        // For bfloat16, Clip needs opset 16: ONNX Runtime expands Clip to Where, which supports bfloat16 from this opset on.
        Add("Clip", new OperatorRule(Light, 7, 16));
        Add("Mul Div", new OperatorRule(Light, 7, 13) { Multiplies = true });
        Add("Pow", new OperatorRule(Light, 7, 15) { Multiplies = true });
        Add(
            "ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare LRN",
            new OperatorRule(Light, 7, 13)
        );
        Add("Max Min", new OperatorRule(Light, 8, 13));
        Add("Erf IsNaN NonZero Sign Greater Less", new OperatorRule(Light, 9, 13));
        Add("Mod", new OperatorRule(Light, 10, 13));
        Add("Equal", new OperatorRule(Light, 11, 13));
        Add("GreaterOrEqual LessOrEqual", new OperatorRule(Light, 12, 16));
        Add("PRelu", new OperatorRule(Light, 7, 16) { Multiplies = true });
        Add("LeakyRelu", new OperatorRule(Light, 7, 16));
        Add("AveragePool GlobalAveragePool LpNormalization Elu Selu HardSigmoid Softplus Softsign Acos Asin Atan Cos Sin Tan", new OperatorRule(Light, 7, 22));
        Add("InstanceNormalization", new OperatorRule(Light, 7, 22) { Multiplies = true });
        Add("Acosh Asinh Atanh Cosh Sinh", new OperatorRule(Light, 9, 22));
        Add("ThresholdedRelu", new OperatorRule(Light, 10, 22));
        Add("Round", new OperatorRule(Light, 11, 22));
        Add("HardSwish", new OperatorRule(Light, 14, 22));
        Add("Mish", new OperatorRule(Light, 18, 22));
        Add("Gelu", new OperatorRule(Light, 20, 20));
        Add("Dropout", new OperatorRule(Light, 7, 13) { Float32Inputs = [1] });
        Add("BatchNormalization", new OperatorRule(Light, 7, 14) { Multiplies = true });
        Add("LayerNormalization", new OperatorRule(Light, 17, 17) { Multiplies = true, Float32Outputs = [1, 2] });
        Add("GroupNormalization", new OperatorRule(Light, 18, 18) { Multiplies = true });
        // The scales and the region of interest of Resize stay float32, because they determine sizes.
        Add("Resize", new OperatorRule(Light, 10, 13) { Float32Inputs = [1, 2] });
        Add("Upsample", new OperatorRule(Light, 7, Never) { Float32Inputs = [1] });

        Add("Attention MultiHeadAttention", new OperatorRule(Layer, 1, 1) { Multiplies = true }, Domains.Microsoft);
        Add("FusedMatMul", new OperatorRule(Layer, 1, 1) { Multiplies = true }, Domains.Microsoft);
        Add("FusedConv FusedGemm", new OperatorRule(Layer, 1, Never) { Multiplies = true }, Domains.Microsoft);
        Add("MatMulNBits", new OperatorRule(Layer, 1, 1) { Multiplies = true }, Domains.Microsoft);
        Add("BiasGelu FastGelu Gelu QuickGelu", new OperatorRule(Light, 1, 1), Domains.Microsoft);
        Add("SkipLayerNormalization", new OperatorRule(Light, 1, 1) { Multiplies = true, Float32Outputs = [1, 2] }, Domains.Microsoft);
        return rules;
    }
}
