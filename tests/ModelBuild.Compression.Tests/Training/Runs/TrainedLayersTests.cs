using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>The options <c>layers</c> and <c>exclude</c> of training steps.</summary>
public sealed class TrainedLayersTests
{
    [Theory]
    [InlineData("layers=first", "optimize", "v c")]
    [InlineData("layers=Gemm, exclude=first", "optimize", "w b")]
    [InlineData("exclude=first", "optimize", "w b")]
    [InlineData("exclude='first'", "int8-weights", "w_int8 w_scale b")]
    [InlineData("layers=second", "int8(min-max, everywhere=true)", "w_int8 w_scale x_scale")]
    [InlineData("layers=first", "int4", "v_int4 v_scales c")]
    public void Only_the_named_layers_change(string options, string form, string same)
    {
        var model = Model();
        var rows = MadeTraining.Rows(1, 64);
        var before = MadeTraining.Run(model, $"prune(0.5) {form}", rows).Model;

        var after = MadeTraining.Run(model, $"prune(0.5) {form} fine-tune(steps=20, rate=0.01, {options})", rows).Model;

        foreach (var (one, other) in before.Proto.Graph.Initializer.Zip(after.Proto.Graph.Initializer))
            if (same.Split(' ').Contains(one.Name))
                Assert.Equal(one.RawData, other.RawData);
        Assert.NotEqual(before.ToBytes(), after.ToBytes());
    }

    [Theory]
    [InlineData("layers=third")]
    [InlineData("exclude=*")]
    public void Options_that_leave_no_layer_are_an_error(string options)
    {
        var exception = Assert.Throws<CompressionException>(() => MadeTraining.Run(Model(), $"fine-tune(steps=2, {options})", MadeTraining.Rows(4, 64)));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains("trains nothing", exception.Message, StringComparison.Ordinal);
    }

    private static OnnxModel Model() =>
        new Net()
            .OpenInput("x", "n", "64")
            .Weight("w", 64, 48)
            .Weight("b", 48)
            .Add(Named("first", "Gemm", "x w b", "a"))
            .Node("Relu", "a", "h")
            .Weight("v", 48, 32)
            .Weight("c", 32)
            .Add(Named("second", "Gemm", "h v c", "y"))
            .Output("y")
            .Build();

    private static NodeProto Named(string name, string op, string inputs, string output) => Nodes.Create(op, inputs.Split(' '), [output], name);
}
