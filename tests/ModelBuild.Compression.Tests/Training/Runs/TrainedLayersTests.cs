using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests the options <c>layers</c> and <c>exclude</c> of training steps.</summary>
public sealed class TrainedLayersTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("layers=first", "optimize", "v y_bias")]
    [InlineData("layers=Gemm, exclude=first", "optimize", "w a_bias")]
    [InlineData("exclude=first", "optimize", "w a_bias")]
    [InlineData("exclude='first'", "int8-weights", "w_ a_bias")]
    [InlineData("layers=second", "int8(min-max, everywhere=true)", "w_ x_scale")]
    [InlineData("layers=first", "int4", "v_ y_bias")]
    [InlineData("exclude=second", "int8(min-max, everywhere=true)", "v_ x_scale")]
    [InlineData("exclude=first", "int8(min-max, everywhere=true)", "w_ x_scale")]
    [InlineData("exclude=second", "int8(min-max, everywhere=true, activation-bits=4)", "v_ x_scale")]
    [InlineData("layers=Gemm, exclude=second", "int8(min-max, everywhere=true)", "v_ x_scale")]
    public void Only_the_named_layers_change(string options, string form, string same)
    {
        var model = Model();
        var rows = MadeTraining.Rows(1, 64);
        var before = Constants(MadeTraining.Run(model, $"prune(0.5) {form}", rows).Model);

        var after = Constants(MadeTraining.Run(model, $"prune(0.5) {form} fine-tune(steps=20, rate=0.01, {options})", rows).Model);

        foreach (var beginning in same.Split(' '))
        {
            string[] names = [.. before.Keys.Where(name => name.StartsWith(beginning, StringComparison.Ordinal))];
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Equal(before[name].RawData, after[name].RawData));
        }

        Assert.Contains(before, constant => constant.Value.RawData != after[constant.Key].RawData);
    }

    [Fact]
    public void With_an_excluded_layer_all_scales_of_activations_stay()
    {
        const string Form = "int8(min-max, everywhere=true, bits=3)";
        var rows = MadeTraining.Rows(1, 64);

        var before = Constants(MadeTraining.Run(Model(), Form, rows).Model);
        var after = Constants(MadeTraining.Run(Model(), $"{Form} fine-tune(steps=20, rate=0.01, exclude=second)", rows).Model);

        string[] stay = [.. before.Keys.Where(name => name.StartsWith('v') || (name.EndsWith("_scale", StringComparison.Ordinal) && !name.StartsWith('w')))];
        Assert.True(stay.Length >= 4, string.Join(' ', before.Keys));
        Assert.All(stay, name => Assert.Equal(before[name].RawData, after[name].RawData));
        Assert.Contains(before.Keys, name => name.StartsWith('w') && before[name].RawData != after[name].RawData);
    }

    [Theory]
    [InlineData("exclude=first")]
    [InlineData("exclude=second")]
    public void A_weight_that_an_excluded_layer_shares_stays(string options)
    {
        var model = new Net()
            .OpenInput("x", "n", "64")
            .Weight("w", 64, 64)
            .Add(Named("first", "Gemm", "x w", "a"))
            .Node("Relu", "a", "h")
            .Add(Named("second", "Gemm", "h w", "b"))
            .Weight("v", 64, 8)
            .Add(Named("third", "Gemm", "b v", "y"))
            .Output("y")
            .Build();
        var rows = MadeTraining.Rows(1, 64);

        var before = Constants(MadeTraining.Run(model, "prune(0.5)", rows).Model);
        var after = Constants(MadeTraining.Run(model, $"prune(0.5) fine-tune(steps=20, rate=0.01, {options})", rows).Model);

        Assert.Equal(before["w"].RawData, after["w"].RawData);
        Assert.NotEqual(before["v"].RawData, after["v"].RawData);
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

    private static Dictionary<string, TensorProto> Constants(OnnxModel model) => model.Proto.Graph.Initializer.ToDictionary(tensor => tensor.Name);

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
