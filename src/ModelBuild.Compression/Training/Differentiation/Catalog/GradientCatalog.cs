using ModelBuild.Compression.Training.Differentiation.Operators;
using ModelBuild.Compression.Training.Differentiation.Operators.Attention;
using ModelBuild.Compression.Training.Differentiation.Operators.ControlFlow;
using ModelBuild.Compression.Training.Differentiation.Operators.Convolutions;
using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;
using ModelBuild.Compression.Training.Differentiation.Operators.Movement;
using ModelBuild.Compression.Training.Differentiation.Operators.Normalization;
using ModelBuild.Compression.Training.Differentiation.Operators.Pooling;
using ModelBuild.Compression.Training.Differentiation.Operators.Products;
using ModelBuild.Compression.Training.Differentiation.Operators.Quantization;
using ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;
using ModelBuild.Compression.Training.Differentiation.Operators.Reduce;
using ModelBuild.Compression.Training.Differentiation.Operators.Resampling;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Catalog;

/// <summary>The catalogue of gradients by operator.</summary>
internal sealed class GradientCatalog : IGradientCatalog
{
    private static readonly Dictionary<(string Domain, string OpType), IGradient> All = new()
    {
        [("", "Add")] = new AddGradient(),
        [("", "Sub")] = new SubGradient(),
        [("", "Mul")] = new MulGradient(),
        [("", "Div")] = new DivGradient(),
        [("", "Relu")] = new ReluGradient(),
        [("", "Exp")] = new ExpGradient(),
        [("", "Log")] = new LogGradient(),
        [("", "MatMul")] = new MatMulGradient(),
        [("", "Gemm")] = new GemmGradient(),
        [("", "Conv")] = new ConvGradient(),
        [("", "MaxPool")] = new MaxPoolGradient(),
        [("", "GlobalAveragePool")] = new GlobalAveragePoolGradient(),
        [("", "ReduceSum")] = new ReduceSumGradient(),
        [("", "ReduceMean")] = new ReduceMeanGradient(),
        [("", "Softmax")] = new SoftmaxGradient(),
        [("", "LogSoftmax")] = new LogSoftmaxGradient(),
        [("", "Reshape")] = new ReshapeGradient(),
        [("", "Flatten")] = new ReshapeGradient(),
        [("", "Squeeze")] = new ReshapeGradient(),
        [("", "Unsqueeze")] = new ReshapeGradient(),
        [("", "Identity")] = new IdentityGradient(),
        [("", "Transpose")] = new TransposeGradient(),
        [("", "ConvTranspose")] = new ConvTransposeGradient(),
        [("", "AveragePool")] = new AveragePoolGradient(),
        [("", "LpPool")] = new LpPoolGradient(),
        [("", "GlobalLpPool")] = new GlobalLpPoolGradient(),
        [("", "GlobalMaxPool")] = new GlobalMaxPoolGradient(),
        [("", "Resize")] = new ResizeGradient(),
        [("", "Pad")] = new PadGradient(),
        [("", "LayerNormalization")] = new LayerNormalizationGradient(isCentred: true),
        [("", "RMSNormalization")] = new LayerNormalizationGradient(isCentred: false),
        [("", "SimplifiedLayerNormalization")] = new LayerNormalizationGradient(isCentred: false),
        [(Domains.Microsoft, "SkipLayerNormalization")] = new SkipLayerNormalizationGradient(isCentred: true),
        [(Domains.Microsoft, "SkipSimplifiedLayerNormalization")] = new SkipLayerNormalizationGradient(isCentred: false),
        [("", "InstanceNormalization")] = new ChannelNormalizationGradient(),
        [("", "GroupNormalization")] = new ChannelNormalizationGradient(),
        [("", "BatchNormalization")] = new BatchNormalizationGradient(),
        [("", "LpNormalization")] = new LpNormalizationGradient(),
        [("", "LRN")] = new LrnGradient(),
        [("", "MeanVarianceNormalization")] = new MeanVarianceNormalizationGradient(),
        [("", "LSTM")] = new LstmGradient(),
        [("", "GRU")] = new GruGradient(),
        [("", "RNN")] = new RnnGradient(),
        [("", "If")] = new IfGradient(),
        [("", "QuantizeLinear")] = new QuantizeGradient(),
        [("", "DequantizeLinear")] = new DequantizeGradient(),
        [("", "DynamicQuantizeLinear")] = new DynamicQuantizeGradient(),
        [(Domains.Microsoft, "QuantizeLinear")] = new QuantizeGradient(),
        [(Domains.Microsoft, "DequantizeLinear")] = new DequantizeGradient(),
        [(Domains.Microsoft, "Attention")] = new AttentionGradient(),
        [(Domains.Microsoft, "MultiHeadAttention")] = new MultiHeadAttentionGradient(),
        [("", "Sqrt")] = new SqrtGradient(),
        [("", "Pow")] = new PowGradient(),
        [("", "Erf")] = new ErfGradient(),
        [("", "Tanh")] = new TanhGradient(),
        [("", "Sigmoid")] = new SigmoidGradient(),
        [("", "HardSigmoid")] = new HardSigmoidGradient(),
        [("", "HardSwish")] = new HardSwishGradient(),
        [("", "LeakyRelu")] = new LeakyReluGradient(),
        [("", "PRelu")] = new PReluGradient(),
        [("", "Elu")] = new EluGradient(),
        [("", "Selu")] = new SeluGradient(),
        [("", "Celu")] = new CeluGradient(),
        [("", "Softplus")] = new SoftplusGradient(),
        [("", "Softsign")] = new SoftsignGradient(),
        [("", "Mish")] = new MishGradient(),
        [("", "Gelu")] = new GeluGradient(),
        [("", "ThresholdedRelu")] = new ThresholdedReluGradient(),
        [("", "Shrink")] = new ShrinkGradient(),
        [("", "Clip")] = new ClipGradient(),
        [("", "Abs")] = new AbsGradient(),
        [("", "Neg")] = new NegGradient(),
        [("", "Reciprocal")] = new ReciprocalGradient(),
        [("", "Sin")] = new SinGradient(),
        [("", "Cos")] = new CosGradient(),
        [("", "Tan")] = new TanGradient(),
        [("", "Asin")] = new AsinGradient(),
        [("", "Acos")] = new AcosGradient(),
        [("", "Atan")] = new AtanGradient(),
        [("", "Sinh")] = new SinhGradient(),
        [("", "Cosh")] = new CoshGradient(),
        [("", "Asinh")] = new AsinhGradient(),
        [("", "Acosh")] = new AcoshGradient(),
        [("", "Atanh")] = new AtanhGradient(),
        [("", "Min")] = new ExtremumGradient(),
        [("", "Max")] = new ExtremumGradient(),
        [("", "Sum")] = new SumGradient(),
        [("", "Mean")] = new MeanGradient(),
        [("", "Mod")] = new ModGradient(),
        [("", "Where")] = new WhereGradient(),
        [("", "Cast")] = new CastGradient(),
        [("", "Dropout")] = new DropoutGradient(),
        [("", "Expand")] = new ExpandGradient(),
        [("", "Tile")] = new TileGradient(),
        [("", "Concat")] = new ConcatGradient(),
        [("", "Split")] = new SplitGradient(),
        [("", "Slice")] = new SliceGradient(),
        [("", "Gather")] = new GatherGradient(),
        [("", "GatherElements")] = new GatherElementsGradient(),
        [("", "GatherND")] = new GatherNDGradient(),
        [("", "ScatterElements")] = new ScatterGradient("GatherElements"),
        [("", "ScatterND")] = new ScatterGradient("GatherND"),
        [("", "DepthToSpace")] = new DepthToSpaceGradient(),
        [("", "SpaceToDepth")] = new SpaceToDepthGradient(),
        [("", "ReverseSequence")] = new ReverseSequenceGradient(),
        [("", "Trilu")] = new TriluGradient(),
        [("", "CumSum")] = new CumSumGradient(),
        [("", "TopK")] = new TopKGradient(),
        [("", "ReduceMax")] = new ReduceExtremumGradient(),
        [("", "ReduceMin")] = new ReduceExtremumGradient(),
        [("", "ReduceProd")] = new ReduceProdGradient(),
        [("", "ReduceL1")] = new ReduceL1Gradient(),
        [("", "ReduceL2")] = new ReduceL2Gradient(),
        [("", "ReduceLogSum")] = new ReduceLogSumGradient(),
        [("", "ReduceLogSumExp")] = new ReduceLogSumExpGradient(),
        [("", "ReduceSumSquare")] = new ReduceSumSquareGradient(),
        [("", "Einsum")] = new EinsumGradient(),
        [(Domains.Microsoft, "Gelu")] = new GeluGradient(),
        [(Domains.Microsoft, "FastGelu")] = new FastGeluGradient(),
        [(Domains.Microsoft, "QuickGelu")] = new QuickGeluGradient(),
        [(Domains.Microsoft, "BiasGelu")] = new BiasGeluGradient(),
        [(Domains.Microsoft, "FusedMatMul")] = new FusedMatMulGradient(),
    };

    private GradientCatalog() { }

    /// <summary>The only instance of the catalogue.</summary>
    public static GradientCatalog Instance { get; } = new();

    /// <inheritdoc/>
    public IGradient? Find(NodeProto node) => All.GetValueOrDefault((Domains.Normalize(node.Domain), node.OpType));
}
