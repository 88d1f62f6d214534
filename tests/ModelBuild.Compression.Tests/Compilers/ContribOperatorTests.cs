using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Rewrites;
using ModelBuild.Compression.Compilers.Tables;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the standard forms of ONNX Runtime's operators. The export itself compares the outputs.</summary>
public sealed class ContribOperatorTests
{
    [Theory]
    [InlineData("Gelu", "x", "Add Div Erf Mul*2")]
    [InlineData("BiasGelu", "x b", "Add*2 Div Erf Mul*2")]
    [InlineData("FastGelu", "x", "Add*2 Mul*6 Tanh")]
    [InlineData("FastGelu", "x b", "Add*3 Mul*6 Tanh")]
    [InlineData("QuickGelu", "x", "Mul*2 Sigmoid")]
    public void Activations(string op, string inputs, string expected) => Compare(Activation(op, inputs), expected);

    [Fact]
    public void Skip_layer_normalization_returns_the_sum_too()
    {
        var net = Inputs().Node("Relu", "x", "skip");
        net.Add(Contributed("SkipLayerNormalization", "x skip gain b bias", "y _ _ sum", ("epsilon", 1e-5f))).Output("y", "sum");
        Compare(net.Build(), "Add*2 LayerNormalization Relu");
    }

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void Simplified_layer_normalization(long opset)
    {
        var model = Inputs(opset).Node("SimplifiedLayerNormalization", "x gain", "y", ("axis", -1L)).Output("y").Build();
        Compare(model, "Add Div Mul*2 ReduceMean Sqrt");
    }

    [Fact]
    public void Skip_simplified_layer_normalization()
    {
        var net = Inputs().Node("Relu", "x", "skip");
        net.Add(Contributed("SkipSimplifiedLayerNormalization", "x skip gain", "y _ _ sum")).Output("y", "sum");
        Compare(net.Build(), "Add*2 Div Mul*2 ReduceMean Relu Sqrt");
    }

    [Fact]
    public void The_squares_of_a_root_mean_square_are_float32_in_a_float16_model()
    {
        // The squares of values of about 300 exceed the largest number of float16.
        var net = Inputs().Weight("w", 32, 32).Constant("large", [], 300f).Node("Tanh", "x", "t").Node("Sign", "t", "s").Node("Mul", "s large", "l");
        net.Node("SimplifiedLayerNormalization", "l gain", "n", ("axis", -1L)).Node("MatMul", "n w", "y").Output("y");
        foreach (var compiler in CompilerCatalog.All)
        {
            var exported = WithDomain(net.Build()).Export(compiler.Name, ExportPrecision.Float16);

            Assert.True(exported.Difference.SqnrDb >= 40, $"{compiler.Name}: {exported.Difference}");
            Assert.Contains(exported.Model.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Float16);
        }
    }

    [Fact]
    public void A_float16_root_mean_square_has_squares_in_float32()
    {
        var net = new Net().Input("x", DataType.Float16, 2, 32).Constant("gain", [32], [.. Enumerable.Repeat((Half)1, 32)]).Constant("large", [], (Half)2000);
        net.Node("Mul", "x large", "l").Node("SimplifiedLayerNormalization", "l gain", "y", ("axis", -1L)).Output("y");
        var model = net.Build();

        new ContribOperators().Apply(new Graph(model), CancellationToken.None);

        Assert.Equal("Add Cast*2 Div Mul*3 ReduceMean Sqrt", Steps.Operators(model));
    }

    [Fact]
    public void A_type_without_a_scalar_is_refused()
    {
        var net = new Net().Input("x", DataType.Bfloat16, 2, 6, 32).Add(Contributed("Gelu", "x", "y")).Output("y", DataType.Bfloat16, 2, 6, 32);

        Assert.Contains("Gelu of 'y': it is an operator of com.microsoft", WithDomain(net.Build()).Refusal("tensorrt"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_product_with_a_factor_and_transposed_operands()
    {
        var net = Inputs().Input("w", 12, 32);
        net.Add(Contributed("FusedMatMul", "x w", "y", ("transB", 1L), ("alpha", 0.25f))).Output("y");
        Compare(net.Build(), "MatMul Mul Transpose");
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("LeakyRelu", 0.1f)]
    [InlineData("HardSigmoid", 0.2f, 0.5f)]
    [InlineData("Clip", -0.1f, 0.1f)]
    public void A_convolution_with_an_activation(string activation, params float[] parameters)
    {
        var net = new Net().Input("x", 1, 4, 6, 6).Weight("w", 5, 4, 3, 3).Weight("b", 5);
        (string, object)[] given = parameters.Length > 0 ? [("activation_params", parameters)] : [];
        net.Add(Contributed("FusedConv", "x w b", "y", [("activation", activation), ("strides", new long[] { 2, 2 }), .. given])).Output("y");
        Compare(net.Build(), activation == "Clip" ? "Clip Conv" : string.Join(' ', new[] { "Conv", activation }.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Codes_of_16_bits_become_standard_operators()
    {
        var net = new Net().Input("x", 2, 32).Constant("scale", [], 1e-4f).Constant<ushort>("point", [], 30000);
        net.Add(Contributed("QuantizeLinear", "x scale point", "q")).Add(Contributed("DequantizeLinear", "q scale point", "y"));
        var exported = Export(net.Output("y", DataType.Float, 2, 32).Build(), "openvino");
        Assert.Equal("DequantizeLinear QuantizeLinear", Steps.Operators(exported.Model));
        Assert.True(exported.Difference.IsNone);
    }

    [Fact]
    public void Products_that_quantize_at_run_time_become_standard_operators()
    {
        var net = new Net().Input("x", 2, 32).Weight("bias", 8).Constant("scale", [], 0.01f);
        net.Constant("w", [32, 8], [.. Enumerable.Range(0, 256).Select(i => (sbyte)(i * 37 % 255 - 127))]);
        net.Add(Contributed("DynamicQuantizeMatMul", "x w scale _ bias", "y")).Output("y");
        Compare(net.Build(), "Add Cast DynamicQuantizeLinear MatMulInteger Mul*2", "tvm", "openvino");
    }

    [Theory]
    [InlineData("MultiHeadAttention")]
    [InlineData("Inverse")]
    public void Other_operators_are_refused_with_the_name_of_the_node(string op)
    {
        var node = Contributed(op, "x", "y");
        node.Name = "special";
        var net = new Net().Input("x", 1, 4, 4);
        net.Add(node).Output("y", DataType.Float, 1, 4, 4);
        foreach (var compiler in CompilerCatalog.All)
            Assert.Contains($"{op} 'special': it is an operator of com.microsoft", WithDomain(net.Build()).Refusal(compiler.Name), StringComparison.Ordinal);
    }

    private static Net Inputs(long opset = 17) => new Net(opset).Input("x", 2, 6, 32).Weight("b", 32).Weight("bias", 32).Weight("gain", 32);

    private static OnnxModel Activation(string op, string inputs) => Inputs().Add(Contributed(op, inputs, "y")).Output("y").Build();

    private static NodeProto Contributed(string op, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        var node = Net.Make(op, inputs, outputs, attributes);
        node.Domain = Domains.Microsoft;
        return node;
    }

    private static OnnxModel WithDomain(OnnxModel model)
    {
        model.ImportOpset(Domains.Microsoft, 1);
        return model;
    }

    private static ExportedModel Export(OnnxModel model, string compiler) => WithDomain(model).Export(compiler);

    private static void Compare(OnnxModel model, string expected, params string[] compilers)
    {
        foreach (var compiler in compilers.Length > 0 ? compilers : [.. CompilerCatalog.All.Select(compiler => compiler.Name)])
        {
            var exported = Export(model, compiler);

            Assert.Equal(expected, Steps.Operators(exported.Model));
            Assert.True(exported.Difference.SqnrDb >= 100, $"{compiler}: {exported.Difference}");
        }
    }
}
