using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

public sealed class EqualizeTests(ITestOutputHelper output)
{
    // The bound allows two roundings of each weight.
    private const double Equal = 110;

    public static TheoryData<string> Kinds => Uneven.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_become_alike_and_the_model_answers_as_before(string kind)
    {
        var model = Uneven.Make(kind).Build();

        var equalized = Steps.Run(model, "equalize(by=weights)", out var report);

        Assert.Equal(1, report.Changes["pairs of layers equalized"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(equalized)), Equal, double.PositiveInfinity);
        Assert.InRange(Spread(equalized, "w1"), 1, Spread(model, "w1") / 2);
        Assert.Equal(Steps.Run(model, "optimize").Proto.Graph.Node.Select(node => node.OpType), equalized.Proto.Graph.Node.Select(node => node.OpType));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Activations_become_alike_and_the_model_answers_as_before(string kind)
    {
        var model = Uneven.Make(kind).Build();
        var shape = model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Select(dimension => Math.Max(dimension.DimValue, 1)).ToArray();

        var equalized = Calibrated.RunOnStatistics(model, "equalize(by=activations)", Calibrated.Samples(4, shape), out var report);

        Assert.Equal(1, report.Changes["pairs of layers equalized"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(equalized)), Equal, double.PositiveInfinity);
        Assert.NotEqual(Weights(model, "w1"), Weights(equalized, "w1"));
    }

    [Fact]
    public void The_layers_of_a_depthwise_triple_get_the_cube_root_of_their_ranges()
    {
        var model = Uneven.Triple("Relu").Build();

        var equalized = Steps.Run(model, "equalize(by=weights)", out var report);

        Assert.Equal(2, report.Changes["pairs of layers equalized"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(equalized)), Equal, double.PositiveInfinity);
        for (var channel = 0; channel < 12; channel++)
        {
            var expected = Math.Cbrt(Range(model, "w1", 0, channel) * Range(model, "w2", 0, channel) * Range(model, "w3", 1, channel));
            foreach (var (weight, axis) in new[] { ("w1", 0), ("w2", 0), ("w3", 1) })
                Assert.Equal(expected, Range(equalized, weight, axis, channel), expected * 0.01);
        }
    }

    [Theory]
    [InlineData("equalize(by=weights)", "int8(calibration=min-max,per-channel=false,everywhere=true)")]
    [InlineData("equalize", "int8(calibration=min-max,everywhere=true)")]
    public void Uneven_channels_lose_less_in_int8(string step, string quantize)
    {
        var model = Uneven.Triple("Relu").Build();
        var samples = Calibrated.Samples(8, 1, 4, 9, 9);
        var expected = Ort.Run(model);

        var before = Ort.Sqnr(expected, Ort.Run(Calibrated.Run(model, quantize, samples)));
        var after = Ort.Sqnr(expected, Ort.Run(Calibrated.Run(model, $"{step} {quantize}", samples)));

        output.WriteLine($"{before:0.0} dB without, {after:0.0} dB with {step}");
        Assert.InRange(after - before, 6, 60);
    }

    [Fact]
    public void A_kept_Clip_cuts_off_what_it_did_before()
    {
        var model = Uneven.Triple("Clip", "low", "high").Constant("low", [], 0f).Constant("high", [], 0.5f).Build();
        var samples = Calibrated.Samples(8, 1, 4, 9, 9);

        var kept = Calibrated.RunOnStatistics(model, "equalize(by=activations)", samples, out var report);

        Assert.Equal(2, report.Changes["pairs of layers equalized"]);
        Assert.Equal("Clip*2 Conv*3", Steps.Operators(kept));
        foreach (var call in samples.Read(CancellationToken.None))
        {
            using var value = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(
                System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(call.Inputs["x"].Data).ToArray(),
                [1, 4, 9, 9]
            );
            Assert.InRange(Ort.Sqnr(Ort.Run(model, ("x", value)), Ort.Run(kept, ("x", value))), Equal, double.PositiveInfinity);
        }

        // Channels that the Clip limits keep their size. Channels that do not reach its limits become larger.
        var factors = Enumerable.Range(0, 12).Select(channel => Range(kept, "w1", 0, channel) / Range(model, "w1", 0, channel)).ToArray();
        Assert.Contains(factors, factor => Math.Abs(factor - 1) < 1e-6);
        Assert.Contains(factors, factor => factor > 2);
        Assert.All(factors, factor => Assert.InRange(factor, 1 - 1e-6, 32));
    }

    [Fact]
    public void By_weights_a_Clip_is_left_alone_or_relaxed()
    {
        var model = Uneven.Triple("Clip", "low", "high").Constant("low", [], 0f).Constant("high", [], 6f).Build();

        var kept = Steps.Run(model, "equalize", out var report);
        var relaxed = Steps.Run(model, "equalize(relu6=relax)", out var relaxing);

        Assert.Equal(2, report.Skipped.Count(left => left.Why.Contains("Clip", StringComparison.Ordinal)));
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), kept.ToBytes());
        Assert.Equal(2, relaxing.Changes["pairs of layers equalized"]);
        Assert.Equal("Conv*3 Relu*2", Steps.Operators(relaxed));
    }

    [Theory]
    [InlineData("output", "its output is an output of the model")]
    [InlineData("two readers", "its output is read 2 times")]
    [InlineData("captured", "a subgraph reads its output")]
    [InlineData("shared weights", "other nodes use its weights too")]
    [InlineData("Sigmoid", "Sigmoid follows")]
    [InlineData("Add of a value", "Add follows")]
    [InlineData("bias not constant", "its bias is not a constant with one element or one for each channel")]
    [InlineData("Reshape across rows", "Reshape follows")]
    [InlineData("Clip from below 0", "Clip follows")]
    [InlineData("MatMul over pixels", "the next layer does not read its channels as inputs")]
    [InlineData("excluded", "the recipe excludes it")]
    public void What_cannot_be_scaled_is_left_alone(string kind, string why)
    {
        var model = NotEqualizable.Make(kind).Build();

        var result = Steps.Run(model, "equalize(exclude=nobody|not-this)", out var report);

        Assert.Contains(report.Skipped, left => left.Why == why);
        Assert.Empty(report.Changes);
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), result.ToBytes());
    }

    [Fact]
    public void Layers_in_subgraphs_are_equalized_by_weights_only()
    {
        var branch = new Net()
            .Weight("w1", 12, 4, 1, 1)
            .Weight("w2", 8, 12, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "t")
            .Output("t");
        var model = new Net()
            .Input("x", 1, 4, 3, 3)
            .Input("yes", TensorProto.Types.DataType.Bool)
            .Weight("w", 8, 4, 1, 1)
            .If("yes", "y", branch, new Net().Node("Conv", "x w", "e").Output("e"))
            .Output("y")
            .Build();

        Steps.Run(model, "equalize", out var byWeights);
        var samples = new ListedSamples([]);
        var untouched = Calibrated.Run(model, "equalize", samples, out var byActivations);

        Assert.Equal(1, byWeights.Changes["pairs of layers equalized"]);
        Assert.Contains(byActivations.Skipped, left => left.Why == "it is in a subgraph, whose values calibration does not measure");
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), untouched.ToBytes());
    }

    [Fact]
    public void Activations_without_data_are_an_error()
    {
        var fault = Assert.Throws<CompressionException>(() => Steps.Run(Uneven.Make("Conv").Build(), "equalize(by=activations)"));

        Assert.Equal(Codes.CalibrationMissing, fault.Code);
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("Gemm behind Flatten")]
    public void Channels_that_are_never_silent_lose_less_when_their_bias_is_absorbed(string kind)
    {
        var model = Loud(kind).Build();
        var samples = Calibrated.Samples(8, 1, 4, 9, 9);

        var absorbed = Calibrated.Run(model, "equalize(absorb=true)", samples, out var report);
        var expected = RunAll(model, samples);
        var before = Ort.Sqnr(expected, RunAll(Calibrated.Run(model, "equalize int8(min-max,everywhere=true)", samples), samples));
        var after = Ort.Sqnr(expected, RunAll(Calibrated.Run(model, "equalize(absorb=true) int8(min-max,everywhere=true)", samples), samples));

        output.WriteLine($"{before:0.0} dB without, {after:0.0} dB with");
        Assert.Equal(1, report.Changes["biases absorbed"]);
        Assert.InRange(Ort.Sqnr(RunFit(model, samples), RunFit(absorbed, samples)), Equal, double.PositiveInfinity);
        Assert.InRange(after - before, 6, 60);
    }

    [Fact]
    public void No_bias_is_absorbed_into_a_layer_that_pads()
    {
        Calibrated.Run(Loud("Conv with padding").Build(), "equalize(absorb=true)", Calibrated.Samples(8, 1, 4, 9, 9), out var report);

        Assert.DoesNotContain("biases absorbed", report.Changes.Keys);
    }

    [Fact]
    public void The_same_bytes_twice_and_on_two_threads()
    {
        var model = Uneven.Triple("Relu").Build();
        var samples = Calibrated.Samples(8, 1, 4, 9, 9);

        Assert.Equal(Calibrated.Run(model, "equalize", samples).ToBytes(), Calibrated.Run(model, "equalize", samples, out _, threads: 2).ToBytes());
        Assert.Equal(Steps.Run(model, "equalize").ToBytes(), Steps.Run(model, "equalize").ToBytes());
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Fashion_mobilenet_loses_less_in_int8()
    {
        var model = OnnxModel.Load(Corpus.Path("litenet/fashion-mobilenet.onnx"));
        var signature = SignatureReader.Read(model);
        var calibration = new CalibrationFiles([Corpus.Path("litenet/fashion-calibration.npz")], signature);
        var test = new CalibrationFiles([Corpus.Path("litenet/fashion-test.npz")], signature).Read(CancellationToken.None).Take(32).ToArray();
        var expected = Logits(model, test);

        var before = Ort.Sqnr(expected, Logits(Calibrated.Run(model, "int8(min-max,everywhere=true)", calibration), test));
        var equalized = Calibrated.Run(model, "equalize", calibration, out var report);
        var after = Ort.Sqnr(expected, Logits(Calibrated.Run(equalized, "int8(min-max,everywhere=true)", calibration), test));

        output.WriteLine($"{before:0.00} dB without, {after:0.00} dB with; float {Ort.Sqnr(expected, Logits(equalized, test)):0.0} dB");
        var left = report.Skipped.Count(left => left.Why == "factors do not reduce the error on held-out samples");
        Assert.InRange(report.Changes["pairs of layers equalized"], 1, 10);
        Assert.Equal(11, report.Changes["pairs of layers equalized"] + left);
        // The equalized model clips values that did not occur in calibration. The original model does not clip them.
        Assert.InRange(Ort.Sqnr(expected, Logits(equalized, test)), 55, double.PositiveInfinity);
        Assert.InRange(after - before, 2, 10);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/litenet-conv.onnx", 3)]
    [InlineData("litenet/litenet-fc.onnx", 1)]
    [InlineData("litenet/fashion-resnet.onnx", 6)]
    [InlineData("models/pytorch_cnn_mnist.onnx", 3)]
    [InlineData("models/super_resolution.onnx", 3)]
    public void Real_models_answer_as_before(string path, int pairs)
    {
        var model = OnnxModel.Load(Corpus.Path(path));

        var equalized = Steps.Run(model, "equalize", out var report);

        output.WriteLine($"{report.Changes.Values.Sum()} pairs; left alone: {string.Join("; ", report.Skipped.Select(left => $"{left.What}: {left.Why}"))}");
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(equalized)), 100, double.PositiveInfinity);
        Assert.Equal(pairs, report.Changes["pairs of layers equalized"]);
    }

    private static float[] Logits(OnnxModel model, Sample[] samples)
    {
        using var runner = new Compression.Execution.ModelRunner(Compression.Execution.Sessions.OpenPortable(model));
        return [.. samples.SelectMany(sample => runner.Run(sample, CancellationToken.None)[0].Numbers!).Select(number => (float)number)];
    }

    // Two of three channels have values far above 0.
    private static Net Loud(string kind)
    {
        var net = new Net()
            .Input("x", 1, 4, 9, 9)
            .Weight("w1", 12, 4, 1, 1)
            .Constant("b1", [12], [.. Enumerable.Range(0, 12).Select(channel => channel / 2 % 3 == 0 ? 0.1f : 8)])
            .Node("Conv", "x w1 b1", "c")
            .Node("Relu", "c", "r");
        return kind switch
        {
            "Conv" => net.Constant("w2", [8, 12, 1, 1], Balanced(8)).Weight("b2", 8).Node("Conv", "r w2 b2", "y").Output("y"),
            "Conv with padding" => net.Weight("w2", 8, 12, 3, 3).Node("Conv", "r w2", "y", ("pads", new long[] { 1, 1, 1, 1 })).Output("y"),
            "Gemm behind Flatten" => net.Node("GlobalMaxPool", "r", "g")
                .Node("Flatten", "g", "f")
                .Constant("w2", [8, 12], Balanced(8))
                .Node("Gemm", "f w2", "y", ("transB", 1), ("alpha", 0.5f))
                .Output("y"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    // Neighbouring channels have equal biases and opposite weights, so that significant outputs are small compared with the inputs.
    private static float[] Balanced(int rows) =>
        [.. Enumerable.Range(0, rows).SelectMany(row => Noise.Floats(6, seed: row).SelectMany((weight, i) => new[] { weight, -weight }))];

    private static float[] RunFit(OnnxModel model, ListedSamples samples) =>
        Logits(model, [.. samples.Read(CancellationToken.None).Where((_, i) => i % 4 != 3)]);

    private static float[] RunAll(OnnxModel model, ListedSamples samples) => Logits(model, [.. samples.Read(CancellationToken.None)]);

    private static float[] Weights(OnnxModel model, string name) => model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name).ToFloats();

    // The method returns how different the channels of a layer are, as the ratio of the largest range to the smallest one.
    private static double Spread(OnnxModel model, string name)
    {
        var axis = model.Proto.Graph.Node.First(node => node.Input.Contains(name)) is var node && (node.OpType is "Conv" || node.GetInt("transB") == 1) ? 0 : 1;
        var ranges = Enumerable.Range(0, 12).Select(channel => Range(model, name, axis, channel)).ToArray();
        return ranges.Max() / ranges.Min();
    }

    private static double Range(OnnxModel model, string name, int axis, int channel)
    {
        var tensor = model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name);
        var inner = tensor.Dims.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        return tensor.ToFloats().Where((_, i) => i / inner % tensor.Dims[axis] == channel).Max(weight => (double)Math.Abs(weight));
    }
}
