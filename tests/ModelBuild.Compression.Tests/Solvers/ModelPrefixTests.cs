using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Solvers;

/// <summary>Tests that a model that runs part by part has the same outputs as the whole model, and that it does not run final parts again.</summary>
public sealed class ModelPrefixTests
{
    private const int Calls = 3;

    // The layer 'first' reads x, and 'second' reads a. The layer 'third' reads the sum of both and the input.
    private static Net Residual() =>
        new Net()
            .Input("x", 4, 6)
            .Weight("u", 6, 6)
            .Weight("v", 6, 6)
            .Weight("w", 6, 6)
            .Node("MatMul", "x u", "first")
            .Node("Relu", "first", "a")
            .Node("MatMul", "a v", "second")
            .Node("Add", "second a", "s")
            .Node("Add", "s x", "t")
            .Node("MatMul", "t w", "third")
            .Output("third");

    [Fact]
    public void Parts_give_what_the_whole_gives_with_layers_changed_between()
    {
        var model = Residual().Build();
        var prefix = new ModelPrefix(model, Sample(0).Shapes(), Calls);

        Check(model, Show(prefix, ["x"], later: ["a", "t"], begins: "first"), "x");
        Change(model, "u");
        Check(model, Show(prefix, ["a"], later: ["t"], begins: "second"), "a");
        Change(model, "v");
        Check(model, Show(prefix, ["t"], later: [], begins: "third"), "t");
    }

    [Fact]
    public void A_run_in_parts_answers_as_a_run_of_the_whole()
    {
        // Each part has the weights of one layer. The outputs are in the first part, in the middle and in the last part.
        var model = Residual().Output("first", "s").Build();
        Sample[] samples = [.. Enumerable.Range(0, Calls).Select(Sample)];

        var parts = PartwiseRun.Run(model, samples, TestContext.Current.CancellationToken, partBytes: 1);

        foreach (var (call, answers) in parts.Index())
        foreach (var (output, answer) in model.Proto.Graph.Output.Zip(answers))
            Assert.Equal(Whole(model, output.Name, call).Select(value => (double)value), answer.Numbers);
    }

    [Fact]
    public void A_front_that_came_near_in_parts_shows_what_one_that_did_not_shows()
    {
        var model = Residual().Build();
        var prefix = new ModelPrefix(model, Sample(0).Shapes(), Calls);

        var before = Whole(model, "t", call: 0);
        PartwiseRun.Approach(
            prefix,
            model,
            ["t"],
            node => node.Output[0] == "third",
            Enumerable.Range(0, Calls).Select(Sample),
            TestContext.Current.CancellationToken,
            partBytes: 1
        );
        Change(model, "u");

        // The layers before the part have run with the weights as they were.
        Assert.Equal(before, Show(prefix, ["t"], later: [], begins: "third")["t"][0], (a, b) => Math.Abs(a - b) <= 1e-5f);
        Assert.NotEqual(before, Whole(model, "t", call: 0));
    }

    [Fact]
    public void What_lies_before_a_part_does_not_run_again()
    {
        var model = Residual().Build();
        var prefix = new ModelPrefix(model, Sample(0).Shapes(), Calls);
        Show(prefix, ["a"], later: ["t"], begins: "second");
        var before = Whole(model, "t", call: 0);

        Change(model, "u");

        Assert.Equal(before, Show(prefix, ["t"], later: [], begins: "third")["t"][0]);
        Assert.NotEqual(before, Whole(model, "t", call: 0));
    }

    [Fact]
    public void Weights_that_nodes_make_are_made_again_in_each_part()
    {
        // The scaled weight is computed at the beginning and read after the prefix.
        var model = new Net()
            .Input("x", 4, 6)
            .Weight("u", 6, 6)
            .Weight("v", 6, 6)
            .Constant("two", [], 2f)
            .Node("Mul", "v two", "scaled")
            .Node("MatMul", "x u", "first")
            .Node("Relu", "first", "a")
            .Node("MatMul", "a scaled", "second")
            .Node("Relu", "second", "b")
            .Output("b")
            .Build();
        var prefix = new ModelPrefix(model, Sample(0).Shapes(), Calls);
        Show(prefix, ["a"], later: ["b"], begins: "second");

        Change(model, "v");

        Check(model, Show(prefix, ["b"], later: [], begins: ""), "b");
    }

    [Fact]
    public void Values_that_cannot_be_kept_are_made_again()
    {
        // A sequence crosses the place at which the second part would begin.
        var model = new Net()
            .Input("x", 4, 6)
            .Weight("u", 6, 6)
            .Weight("v", 6, 6)
            .Constant("zero", [], 0L)
            .Node("MatMul", "x u", "first")
            .Node("SequenceConstruct", "first x", "list")
            .Node("Relu", "first", "a")
            .Node("MatMul", "a v", "second")
            .Node("SequenceAt", "list zero", "again")
            .Node("Add", "second again", "b")
            .Output("b")
            .Build();
        var prefix = new ModelPrefix(model, Sample(0).Shapes(), Calls);

        Check(model, Show(prefix, ["a"], later: ["b"], begins: "second"), "a");
        Check(model, Show(prefix, ["b"], later: [], begins: ""), "b");
    }

    [Fact]
    public void What_branches_read_from_outside_is_kept_too()
    {
        var model = new Net()
            .Input("x", 4, 6)
            .Weight("u", 6, 6)
            .Weight("v", 6, 6)
            .Condition("x", "small")
            .Node("MatMul", "x u", "first")
            .Node("Relu", "first", "a")
            .Node("MatMul", "a v", "second")
            .If("small", "c", new Net().Node("Add", "second first", "then").Output("then"), new Net().Node("Identity", "second", "else").Output("else"))
            .Node("Relu", "c", "b")
            .Output("b")
            .Build();
        var prefix = new ModelPrefix(model, Sample(0).Shapes(), Calls);

        Show(prefix, ["a"], later: ["b"], begins: "second");

        Check(model, Show(prefix, ["b"], later: [], begins: ""), "b");
    }

    private static Dictionary<string, float[][]> Show(ModelPrefix prefix, string[] shown, string[] later, string begins)
    {
        using var part = prefix.Next(shown, later, node => node.Output[0] == begins);
        var values = shown.ToDictionary(value => value, _ => new float[Calls][]);
        for (var call = 0; call < Calls; call++)
        {
            using var results = part.Run(Sample(call), call, TestContext.Current.CancellationToken);
            foreach (var value in shown)
            {
                values[value][call] = results.Floats(value).Floats.ToArray();
                Assert.Equal(values[value][call], results.Copy(value).Floats.ToArray());
            }
        }

        return values;
    }

    private static void Check(OnnxModel model, Dictionary<string, float[][]> shown, string value)
    {
        for (var call = 0; call < Calls; call++)
            Assert.Equal(Whole(model, value, call), shown[value][call], (a, b) => Math.Abs(a - b) <= 1e-5f);
    }

    private static float[] Whole(OnnxModel model, string value, int call)
    {
        if (value == "x")
            return Sample(call).Inputs["x"].Floats.ToArray();
        var copy = model.Clone();
        copy.Proto.Graph.Output.Clear();
        copy.Proto.Graph.Output.Add(new ValueInfoProto { Name = value });
        using var x = OrtValue.CreateTensorValueFromMemory(Sample(call).Inputs["x"].Floats.ToArray(), [4, 6]);
        return Ort.Run(copy, ("x", x))[value];
    }

    private static void Change(OnnxModel model, string weight)
    {
        var tensor = model.Proto.Graph.Initializer.First(tensor => tensor.Name == weight);
        new Graph(model).ReplaceConstant(weight, Tensors.Create(weight, [.. tensor.Dims], Noise.Floats(36, seed: 9)));
    }

    private static Sample Sample(int call) =>
        new(
            new Dictionary<string, SampleArray>
            {
                ["x"] = new(DataType.Float, [4, 6], MemoryMarshal.AsBytes<float>(Noise.Floats(24, seed: 50 + call)).ToArray()),
            },
            null
        );
}
