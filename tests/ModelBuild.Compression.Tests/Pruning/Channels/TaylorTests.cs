using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pruning.Channels;

/// <summary>Tests channels that are removed according to the change of the loss without them, to first order.</summary>
public sealed class TaylorTests(ITestOutputHelper output) : IDisposable
{
    private const int Samples = 3;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("dense", "Gemm")]
    [InlineData("convolutions", "Conv")]
    [InlineData("normalized", "Conv")]
    public void Channels_that_the_loss_hardly_feels_go_first(string kind, string layer)
    {
        var weight = Tensor(kind, "w2");
        var gradients = ByDifferences(kind, "w2", [.. weight.Dims], weight.ToFloats());
        // The effect of a channel on the loss is the derivative with respect to a factor of 1 on the channel.
        var fading = ByDifferences(kind, "gate", [Channels, .. kind == "dense" ? Array.Empty<long>() : [1, 1]], [.. Enumerable.Repeat(1f, Channels)]);
        int[] least = [.. Enumerable.Range(0, Channels).OrderBy(c => fading.Sum(sample => Math.Pow(sample[c], 2))).Take(3)];

        var model = Net(kind, isGated: false).Build();
        Compress(model, layer, new GivenGradients(new Dictionary<string, float[][]> { ["w2"] = gradients }));

        int[] kept = [.. Enumerable.Range(0, Channels).Except(least)];
        Assert.Equal(Rows(Tensor(kind, "w1"), kept), new Graph(model).Constant("w1").ToFloats());
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void On_a_real_model_they_cost_less_than_by_magnitude()
    {
        var model = Steps.Run(OnnxModel.Load(Corpus.Path("litenet/litenet-fc.onnx")), "optimize");
        var head = new Graph(model).Nodes.Last(node => node.OpType == "Gemm");
        var gradients = HeadGradients(model, head, samples: 64);
        var weight = new Graph(model).Constant(head.Input[1]);
        var file = Numpy.Npz(_folder.File("a, b.npz"), (head.Input[1], Numpy.Array([64, .. weight.Dims], [.. gradients.SelectMany(gradient => gradient)])));
        var litenet = new Litenet("litenet-fc", calls: 40);

        double Loss(string importance) =>
            litenet.Compare(Steps.Run(model, $"prune-channels(0.4, {importance})")).Accuracy is { } accuracy ? accuracy.Before - accuracy.After : 1;
        var (taylor, l1, l2) = (Loss($"gradients='{file}'"), Loss("importance=l1"), Loss("importance=l2"));

        output.WriteLine($"accuracy lost: taylor {taylor:P2}, l1 {l1:P2}, l2 {l2:P2}");
        Assert.True(taylor < Math.Min(l1, l2));
        Assert.Equal(taylor, Loss($"importance=taylor, gradients='{file}'"));
    }

    [Fact]
    public void Layers_without_gradients_keep_their_channels()
    {
        var model = new Net()
            .Input("x", 2, 6)
            .Weight("w1", 6, 8)
            .Weight("w2", 8, 8)
            .Weight("w3", 8, 3)
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c")
            .Node("Relu", "c", "d")
            .Node("MatMul", "d w3", "y")
            .Output("y")
            .Build();
        var file = Numpy.Npz(_folder.File("g.npz"), ("w3", Numpy.Array([8, 3], Noise.Floats(24).Select(value => (double)value).ToArray())));

        var pruned = Steps.Run(model, $"prune-channels(0.2, multiple=1, gradients={file})", out var report);

        Assert.Equal(8, new Graph(pruned).Constant("w2").Dims[0]);
        Assert.InRange(new Graph(pruned).Constant("w3").Dims[0], 1, 7);
        Assert.Contains(report.Skipped, left => left.Why == "there is no gradient of 'w2', which reads its channels");
        Assert.Equal(Codes.CalibrationWanted, Assert.Single(report.Warnings).Code);
    }

    [Theory]
    [InlineData(
        "importance=taylor",
        Codes.UnknownOption,
        "The importance 'taylor' of prune-channels and its option 'gradients', an .npz with arrays named as the weights, must be set together."
    )]
    [InlineData(
        "importance=l2, gradients=g.npz",
        Codes.UnknownOption,
        "The importance 'taylor' of prune-channels and its option 'gradients', an .npz with arrays named as the weights, must be set together."
    )]
    [InlineData("gradients=none.npz", Codes.CalibrationData, "The gradients cannot be used: ")]
    [InlineData("gradients=shape.npz", Codes.CalibrationData, "The gradients cannot be used: its array 'w2' has the shape [8,4], and the weight has [8,3].")]
    [InlineData("gradients=type.npz", Codes.CalibrationData, "The gradients cannot be used: its array 'w2' does not contain floats.")]
    [InlineData(
        "gradients=names.npz",
        Codes.CalibrationData,
        "None of the gradients belongs to a weight that reads channels: 'w2', … Compute them for the model that 'optimize' writes, whose "
            + "weights have these names."
    )]
    public void What_cannot_be_used_is_said(string options, string code, string message)
    {
        Numpy.Npz(_folder.File("shape.npz"), ("w2", Numpy.Array([8, 4], new float[32])));
        Numpy.Npz(_folder.File("type.npz"), ("w2", Numpy.Array([8, 3], new int[24])));
        Numpy.Npz(_folder.File("names.npz"), ("fc2.weight", Numpy.Array([8, 3], new float[24])));
        var model = new Net()
            .Input("x", 2, 6)
            .Weight("w1", 6, 8)
            .Weight("w2", 8, 3)
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "y")
            .Output("y")
            .Build();

        var exception = Assert.Throws<CompressionException>(() =>
            Steps.Run(model, $"prune-channels({options.Replace("gradients=", $"gradients={_folder.Path}/", StringComparison.Ordinal)})")
        );

        Assert.Equal(code, exception.Code);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_written_as_it_is_read()
    {
        var recipe = RecipeParser.Parse("prune-channels(gradients='a, (b).npz') int8");
        File.WriteAllText(_folder.File("x.recipe.json"), RecipeFile.ToJson(recipe));

        Assert.Equal("prune-channels(gradients='a, (b).npz') int8", recipe.ToString());
        Assert.Equal(recipe.Steps[0], RecipeFile.Load(_folder.File("x.recipe.json")).Steps[0]);
        Assert.Equal("a, (b).npz", Assert.Single(recipe.Steps[0].Files).Path);
    }

    public void Dispose() => _folder.Dispose();

    private const int Channels = 8;

    private static void Compress(OnnxModel model, string layer, IWeightGradients gradients) =>
        new PruneChannelsPass(new PruneChannelsOptions(Layers: $"{layer}:0.375", Multiple: 1), gradients).Run(
            new PassContext(model, new PassReport(), CancellationToken.None)
        );

    // The loss of a sample is the sum of the squares of its outputs.
    private static float[][] ByDifferences(string kind, string constant, long[] shape, float[] at)
    {
        const float Step = 1f / 64;
        var net = Net(kind, isGated: true).Build();
        foreach (var tensor in net.Proto.Graph.Initializer.Where(tensor => tensor.Name == constant).ToArray())
            net.Proto.Graph.Initializer.Remove(tensor);
        net.Proto.Graph.Input.Add(new Net().Input(constant, shape).Build().Proto.Graph.Input[0]);
        using var runner = new ModelRunner(Sessions.OpenUnoptimized(net));
        var x = new SampleArray(DataType.Float, [.. net.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimValue)], []);
        x = x with { Data = Bytes(Noise.Floats(SampleArray.Count(x.Shape), seed: 5)) };
        var gradients = Enumerable.Range(0, Samples).Select(_ => new float[at.Length]).ToArray();
        for (var i = 0; i < at.Length; i++)
        {
            var (more, less) = (Losses(Step), Losses(-Step));
            for (var sample = 0; sample < Samples; sample++)
                gradients[sample][i] = (float)((more[sample] - less[sample]) / (2 * Step));

            double[] Losses(float change)
            {
                var moved = (float[])at.Clone();
                moved[i] += change;
                var numbers = runner
                    .Run(
                        new Sample(new Dictionary<string, SampleArray> { ["x"] = x, [constant] = new(DataType.Float, shape, Bytes(moved)) }, null),
                        CancellationToken.None
                    )[0]
                    .Numbers;
                return [.. numbers.Chunk(numbers.Length / Samples).Select(answers => answers.Sum(answer => answer * answer))];
            }
        }

        return gradients;
    }

    // The gradient of the cross-entropy is (softmax(y) − 1 at the label) ⊗ h.
    private static float[][] HeadGradients(OnnxModel model, NodeProto head, int samples)
    {
        var observed = model.Clone();
        observed.Proto.Graph.Output.Add(new ValueInfoProto { Name = head.Input[0] });
        using var runner = new ModelRunner(Sessions.OpenUnoptimized(observed));
        var isTurned = head.GetInt("transB", 0) == 0;
        return
        [
            .. new CalibrationFiles([Corpus.Path("litenet/mnist-calibration.npz")], SignatureReader.Read(model))
                .Read(CancellationToken.None)
                .SelectMany(sample =>
                {
                    var (logits, features) = (runner.Run(sample, CancellationToken.None)[0].Numbers, runner.Run(sample, CancellationToken.None)[1].Numbers);
                    var (classes, width) = (logits.Length / sample.Labels!.Length, features.Length / sample.Labels.Length);
                    return sample.Labels.Select(
                        (label, row) =>
                        {
                            double[] scores = [.. logits.AsSpan(row * classes, classes).ToArray().Select(Math.Exp)];
                            double[] errors = [.. scores.Select((score, k) => score / scores.Sum() - (k == label ? 1 : 0))];
                            return (float[])
                                [
                                    .. Enumerable
                                        .Range(0, classes * width)
                                        .Select(i =>
                                            isTurned
                                                ? (float)(errors[i % classes] * features[row * width + i / classes])
                                                : (float)(errors[i / width] * features[row * width + i % width])
                                        ),
                                ];
                        }
                    );
                })
                .Take(samples),
        ];
    }

    private static TensorProto Tensor(string kind, string name) => new Graph(Net(kind, isGated: false).Build()).Constant(name);

    private static float[] Rows(TensorProto weight, int[] kept) =>
        [.. kept.SelectMany(row => weight.ToFloats().Chunk((int)(weight.ElementCount() / Channels)).ElementAt(row))];

    // The gate is applied where the channels are read. w1 has a row for each channel.
    private static Net Net(string kind, bool isGated)
    {
        long[] ones = kind == "dense" ? [Channels] : [Channels, 1, 1];
        var net =
            kind == "dense"
                ? new Net()
                    .Input("x", Samples, 6)
                    .Weight("w1", Channels, 6)
                    .Weight("b1", Channels)
                    .Weight("w2", Channels, 3)
                    .Node("Gemm", "x w1 b1", "a", ("transB", 1L))
                    .Node("Relu", "a", "h")
                : new Net()
                    .Input("x", Samples, 2, 4, 4)
                    .Weight("w1", Channels, 2, 3, 3)
                    .Weight("b1", Channels)
                    .Weight("w2", 3, Channels, 3, 3)
                    .Node("Conv", "x w1 b1", "a");
        if (kind == "convolutions")
            net.Node("Sigmoid", "a", "h");
        if (kind == "normalized")
            net.Weight("scale", Channels)
                .Weight("shift", Channels)
                .Weight("mean", Channels)
                .Constant("variance", [Channels], [.. Enumerable.Repeat(0.5f, Channels)])
                .Node("Elu", "a", "e")
                .Node("BatchNormalization", "e scale shift mean variance", "h");
        if (isGated)
            net.Constant("gate", ones, [.. Enumerable.Repeat(1f, Channels)]).Node("Mul", "h gate", "g");
        return (
            kind == "dense"
                ? net.Node("MatMul", $"{(isGated ? "g" : "h")} w2", "y")
                : net.Node("Conv", $"{(isGated ? "g" : "h")} w2", "y", ("pads", new long[] { 1, 1, 1, 1 }))
        ).Output("y");
    }

    private static byte[] Bytes(float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();

    private sealed class GivenGradients(Dictionary<string, float[][]> gradients) : IWeightGradients
    {
        public IEnumerable<float[]> Of(string name, TensorProto weight) => gradients.GetValueOrDefault(name) ?? [];
    }
}
