using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

/// <summary>Tests models that ONNX Runtime's transformer optimizer has changed.</summary>
public sealed class DynamicAttentionTests
{
    private const double Decibels = 33;

    [Theory]
    [InlineData("int8-dynamic")]
    [InlineData("int8-dynamic(per-channel=false)")]
    public void An_attention_becomes_one_operator(string recipe)
    {
        var model = Model(["x", "w", "b"], ("num_heads", 4));

        var quantized = Steps.Run(model, recipe);

        Assert.Equal("DynamicQuantizeLinear QAttention", Steps.Operators(Ort.Optimized(quantized)));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(quantized)), Decibels, double.PositiveInfinity);
    }

    [Fact]
    public void It_keeps_its_mask_and_its_direction()
    {
        var model = Model(["x", "w", "b", "mask"], ("num_heads", 4), ("unidirectional", 1));
        using var mask = OrtValue.CreateTensorValueFromMemory([4, 7], [2]);

        var quantized = Steps.Run(model, "int8-dynamic");

        Assert.Equal("DynamicQuantizeLinear QAttention", Steps.Operators(Ort.Optimized(quantized)));
        Assert.InRange(Ort.Sqnr(Ort.Run(model, ("mask", mask)), Ort.Run(quantized, ("mask", mask))), Decibels, double.PositiveInfinity);
    }

    [Fact]
    public void A_product_of_the_same_input_shares_its_quantized_form()
    {
        var model = Model(["x", "w", "b"], ("num_heads", 4));
        var graph = new Graph(model);
        graph.AddInitializer(Tensors.Create("v", [64, 48], Noise.Floats(64 * 48)));
        graph.Append(Net.Make("MatMul", "x v", "z"));
        model.Proto.Graph.Output.Add(new ValueInfoProto { Name = "z" });

        Assert.Single(Steps.Run(model, "int8-dynamic").Proto.Graph.Node, node => node.OpType == "DynamicQuantizeLinear");
    }

    [Theory]
    [InlineData("QAttention needs a bias", new[] { "x", "w" }, "num_heads", 4)]
    [InlineData("QAttention has no attribute 'do_rotary'", new[] { "x", "w", "b" }, "do_rotary", 1)]
    [InlineData("QAttention has no input for an attention bias", new[] { "x", "w", "b", "", "", "x" }, "num_heads", 4)]
    [InlineData("the recipe excludes it", new[] { "x", "named", "b" }, "num_heads", 4)]
    public void What_the_operator_does_not_know_stays_and_is_reported(string why, string[] inputs, string attribute, long value)
    {
        var stays = Steps.Run(Model(inputs, (attribute, value)), "int8-dynamic(exclude=named)", out var report);

        Assert.Equal("Attention", Steps.Operators(stays));
        Assert.Equal(why, Assert.Single(report.Skipped).Why);
    }

    private static OnnxModel Model(string[] inputs, params (string, object)[] attributes)
    {
        var net = new Net()
            .Input("x", 2, 7, 64)
            .Weight("w", 64, 192)
            .Weight("named", 64, 192)
            .Weight("b", 192)
            .Add(Nodes.Create("Attention", inputs, ["y"], domain: "com.microsoft", attributes: attributes))
            .Output("y");
        if (inputs.Contains("mask"))
            net.Input("mask", DataType.Int32, 2);
        var model = net.Build();
        model.ImportOpset("com.microsoft", 1);
        return model;
    }
}
