using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Compilers.Tables;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the tables of operators.</summary>
public sealed class TableTests
{
    // Together, the two opsets have all operators of the standard. One is the newest opset, and the other one has operators that later opsets do not have.
    private static readonly long[] Opsets = [23, 9];

    public static TheoryData<string> Names => [.. CompilerCatalog.All.Select(compiler => compiler.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_operator_of_a_table_is_one_of_the_standard(string compiler)
    {
        var operators = Exporting.Compiler(compiler).Operators.Keys.Where(name => name is not ("If" or "Loop" or "Scan")).ToArray();

        Assert.True(operators.Length > 100, $"The table has {operators.Length} operators.");
        Assert.DoesNotContain(operators, name => !Opsets.Any(opset => IsStandard(name, opset)));
    }

    // The test repeats the names, so that no operator is added to a table or removed from it by accident.
    public static TheoryData<string, string> PinnedNames =>
        new()
        {
            {
                "tvm",
                """
                    Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitShift BitwiseAnd
                    BitwiseNot BitwiseOr BitwiseXor Cast Ceil Clip Compress Concat Constant ConstantOfShape Conv ConvTranspose Cos Cosh CumSum
                    DepthToSpace DequantizeLinear Div DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor Gather
                    GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample HardSigmoid
                    HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less LessOrEqual Log
                    LogSoftmax LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization Min Mish Mod Mul Neg
                    NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow QuantizeLinear RMSNormalization Range Reciprocal ReduceL1 ReduceL2
                    ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize
                    RoiAlign Round Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus
                    Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze
                    Upsample Where Xor
                    """
            },
            {
                "tensorrt",
                """
                    Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization BlackmanWindow Cast
                    CastLike Ceil Celu Clip Concat Constant ConstantOfShape Conv ConvTranspose Cos Cosh CumSum DeformConv DepthToSpace
                    DequantizeLinear Div Dropout Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu
                    Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow
                    HannWindow HardSigmoid HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu
                    Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul Max MaxPool Mean MeanVarianceNormalization Min Mish Mod
                    Mul Neg NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow QuantizeLinear RMSNormalization RNN Range Reciprocal ReduceL1
                    ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape
                    Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid
                    Sign Sin Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh ThresholdedRelu Tile
                    TopK Transpose Trilu Unsqueeze Upsample Where Xor
                    """
            },
            {
                "openvino",
                """
                    Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization BitShift
                    BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat
                    Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DFT DepthToSpace DequantizeLinear Div Dropout
                    DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm
                    GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow
                    HardSigmoid HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less
                    LessOrEqual Log LogSoftmax Loop LpNormalization MatMul MatMulInteger Max MaxPool MaxRoiPool Mean MeanVarianceNormalization
                    Min Mish Mod Mul Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow QLinearConv
                    QLinearMatMul QuantizeLinear RMSNormalization RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
                    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round
                    STFT Scan Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax
                    SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh ThresholdedRelu Tile TopK
                    Transpose Trilu Unique Unsqueeze Upsample Where Xor
                    """
            },
        };

    [Theory]
    [MemberData(nameof(PinnedNames))]
    public void A_table_has_these_operators(string compiler, string names) =>
        Assert.Equal(
            names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            Exporting.Compiler(compiler).Operators.Keys.Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_names_its_source(string compiler)
    {
        var source = Exporting.Compiler(compiler).Source;

        Assert.StartsWith("https://github.com/", source.Url, StringComparison.Ordinal);
        Assert.NotEmpty(source.Version);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", source.Date);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_newer_opset_is_refused(string compiler)
    {
        var model = new Net(opset: 30).Input("x", 2, 3).Node("Relu", "x", "y").Output("y", DataType.Float, 2, 3).Build();

        var refusal = Assert.Single(new GraphCheck(Exporting.Compiler(compiler), new Graph(model)).Refusals());

        Assert.StartsWith("the model: its opset is 30, and ", $"{refusal}", StringComparison.Ordinal);
    }

    // For inputs and attributes that are wrong, ONNX Runtime has other messages than for an operator that does not exist.
    private static bool IsStandard(string name, long opset)
    {
        var model = new Net(opset).Input("x", 1, 1).Node(name, "x", "y").Output("y").Build();
        try
        {
            Sessions.OpenUnoptimized(model).Dispose();
            return true;
        }
        catch (OnnxRuntimeException exception)
        {
            return !exception.Message.Contains("No Op registered", StringComparison.Ordinal)
                && !exception.Message.Contains("not a registered function/op", StringComparison.Ordinal);
        }
    }
}
