using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Partition;

/// <summary>Tests the nodes of each stage of small graphs.</summary>
public sealed class PartitionerTests
{
    [Fact]
    public void A_chain_is_cut_where_the_work_is_even_and_a_layer_keeps_its_activation()
    {
        var stages = Cut(Chain(), 2);

        Assert.Equal(
            [
                ["x"],
                ["b"],
            ],
            stages.Select(stage => stage.Inputs)
        );
        Assert.Equal(
            [
                ["b"],
                ["y"],
            ],
            stages.Select(stage => stage.Outputs)
        );
        Assert.Equal(["MatMul Relu", "MatMul Relu"], stages.Select(stage => Steps.Operators(stage.Model)));
        Assert.Equal(
            [
                ["w1"],
                ["w2"],
            ],
            stages.Select(stage => Weights(stage.Model))
        );
        Assert.Equal([64 * 64, 64 * 64], stages.Select(stage => stage.MultiplyAdds));
        Assert.Equal([0, 64 * 4], stages.Select(stage => stage.CrossingBytes));
    }

    [Fact]
    public void What_crosses_is_declared_with_the_names_that_the_inputs_have()
    {
        var stages = Cut(Chain(), 2);

        foreach (var info in new[] { stages[0].Model.Proto.Graph.Output[0], stages[1].Model.Proto.Graph.Input[0] })
        {
            Assert.Equal((int)DataType.Float, info.Type.TensorType.ElemType);
            Assert.Equal(
                ["batch", "64"],
                info.Type.TensorType.Shape.Dim.Select(size =>
                    size.DimParam.Length > 0 ? size.DimParam : size.DimValue.ToString(System.Globalization.CultureInfo.InvariantCulture)
                )
            );
        }
    }

    [Fact]
    public void A_weight_that_two_stages_need_goes_to_both_as_it_is_stored()
    {
        var model = new Net()
            .Input("x", 1, 64)
            .Constant("narrow", [64, 64], Enumerable.Range(0, 4096).Select(i => (sbyte)(i % 100)).ToArray())
            .Constant("s", [], 0.01f)
            .Node("Cast", "narrow", "wide", ("to", (long)DataType.Float))
            .Node("Mul", "wide s", "w")
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w", "c")
            .Node("Relu", "c", "y")
            .Output("y")
            .Build();

        var stages = Cut(model, 2);

        Assert.All(stages, stage => Assert.Equal("Cast MatMul Mul Relu", Steps.Operators(stage.Model)));
        Assert.All(stages, stage => Assert.Equal(["narrow", "s"], Weights(stage.Model)));
        Assert.Equal(["b"], stages[1].Inputs);
    }

    [Fact]
    public void An_input_that_only_a_later_stage_needs_goes_there_directly()
    {
        // The side branch comes first in the document, and its value is the first input of the node that joins the branches.
        var model = new Net()
            .Input("side", 1, 64)
            .Input("x", 1, 64)
            .Weight("v", 64, 64)
            .Weight("w1", 64, 64)
            .Weight("w2", 64, 64)
            .Weight("w3", 64, 64)
            .Node("MatMul", "side v", "d")
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c")
            .Node("Relu", "c", "e")
            .Node("Concat", "d e", "f", ("axis", 1L))
            .Weight("w4", 128, 32)
            .Node("MatMul", "f w4", "y")
            .Output("y")
            .Build();

        var stages = Cut(model, 2);

        Assert.Equal(["x"], stages[0].Inputs);
        Assert.Equal(["side", "e"], stages[1].Inputs);
    }

    [Fact]
    public void A_value_that_skips_a_stage_is_not_passed_through_it()
    {
        var model = new Net()
            .Input("x", 1, 64)
            .Weight("w1", 64, 64)
            .Weight("w2", 64, 64)
            .Weight("w3", 128, 64)
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c")
            .Node("Relu", "c", "d")
            .Node("Concat", "b d", "e", ("axis", 1L))
            .Node("MatMul", "e w3", "y")
            .Output("y", "d")
            .Build();

        var stages = Cut(model, 3);

        Assert.Equal(
            [
                ["x"],
                ["b"],
                ["b", "d"],
            ],
            stages.Select(stage => stage.Inputs)
        );
        Assert.Equal(
            [
                ["b"],
                ["d"],
                ["y"],
            ],
            stages.Select(stage => stage.Outputs)
        );
    }

    [Fact]
    public void What_a_branch_captures_comes_along()
    {
        Net Branch(string op) => new Net().Node(op, "b", $"{op}_t").Node("MatMul", $"{op}_t shared", $"{op}_y").Output($"{op}_y");
        var model = new Net()
            .Input("x", 1, 512)
            .Input("flag", DataType.Bool)
            .Weight("w", 512, 64)
            .Weight("shared", 64, 64)
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .If("flag", "c", Branch("Sin"), Branch("Cos"))
            .Node("MatMul", "c shared", "y")
            .Output("y")
            .Build();

        var stages = Cut(model, 2);

        Assert.Equal(
            [
                ["x"],
                ["flag", "b"],
            ],
            stages.Select(stage => stage.Inputs)
        );
        Assert.Equal(
            [
                ["w"],
                ["shared"],
            ],
            stages.Select(stage => Weights(stage.Model))
        );
    }

    [Fact]
    public void A_quantized_layer_is_not_parted_from_its_quantization()
    {
        Net Quantize(Net net, string value) =>
            net.Node("QuantizeLinear", $"{value} s z", $"{value}_q").Node("DequantizeLinear", $"{value}_q s z", $"{value}_d");
        var net = new Net().Input("x", 1, 64).Constant("s", [], 0.05f).Constant("z", [], (byte)128).Constant("ws", [], 0.01f);
        var value = "x";
        for (var i = 0; i < 4; i++)
        {
            net.Constant($"w{i}", [64, 64], Enumerable.Range(0, 4096).Select(n => (sbyte)(n % 90 - 45)).ToArray())
                .Node("DequantizeLinear", $"w{i} ws", $"w{i}_d");
            Quantize(net, value).Node("MatMul", $"{value}_d w{i}_d", $"h{i}");
            value = $"h{i}";
        }

        var stages = Cut(Quantize(net, value).Output($"{value}_d").Build(), 2);

        // The stage transfers bytes and not floats, because the value is quantized before the cut.
        Assert.Equal(["h1_q"], stages[0].Outputs);
        Assert.Equal(64, stages[1].CrossingBytes);
    }

    [Fact]
    public void Outputs_that_no_node_gives_come_with_the_last_stage()
    {
        var model = Chain().Clone();
        var main = new Graph(model);
        main.AddInitializer(Net.Tensor([2], 1f, 2f).WithName("constant"));
        foreach (var name in new[] { "constant", "x", "b" })
            model.Proto.Graph.Output.Add(new ValueInfoProto { Name = name });

        var stages = Cut(model, 2);

        Assert.Equal(
            [
                ["b"],
                ["y", "constant", "x"],
            ],
            stages.Select(stage => stage.Outputs)
        );
        Assert.Equal(
            [
                ["x"],
                ["x", "b"],
            ],
            stages.Select(stage => stage.Inputs)
        );
    }

    [Fact]
    public void The_same_model_gives_the_same_stages()
    {
        var (first, second) = (Cut(Chain(), 2), Cut(Chain(), 2));
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Model.ToBytes(), pair.Second.Model.ToBytes()));
    }

    [Fact]
    public void More_stages_than_places_are_refused_with_the_number_that_is_possible()
    {
        var exception = Assert.Throws<CompressionException>(() => Cut(Chain(), 5));
        Assert.Equal(Codes.Stages, exception.Code);
        Assert.Equal(
            "The model cannot be cut into 5 stages: 4 of its nodes compute something, and 3 of the possible cuts cross tensors only, so that 4 "
                + "stages are possible. Ask for fewer Stages.",
            exception.Message
        );
    }

    [Fact]
    public void Sequences_do_not_cross()
    {
        var model = new Net()
            .Input("x", 4, 8)
            .Constant("size", [], 2L)
            .Constant("at", [], 1L)
            .Node("SplitToSequence", "x size", "parts", ("axis", 0L))
            .Node("SequenceAt", "parts at", "y")
            .Output("y")
            .Build();
        Assert.Contains("so that it cannot be cut", Assert.Throws<CompressionException>(() => Cut(model, 2)).Message, StringComparison.Ordinal);
    }

    private static OnnxModel Chain() =>
        new Net()
            .OpenInput("x", "batch", "64")
            .Weight("w1", 64, 64)
            .Weight("w2", 64, 64)
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c")
            .Node("Relu", "c", "y")
            .Output("y")
            .Build();

    private static IReadOnlyList<Stage> Cut(OnnxModel model, int count)
    {
        var before = model.ToBytes();
        var stages = Partitioner.Cut(model, count, sample: null);
        Assert.Equal(before, model.ToBytes());
        Assert.All(stages, stage => Sessions.OpenUnoptimized(stage.Model).Dispose());
        return stages;
    }

    private static IEnumerable<string> Weights(OnnxModel model) => model.Proto.Graph.Initializer.Select(tensor => tensor.Name);
}
