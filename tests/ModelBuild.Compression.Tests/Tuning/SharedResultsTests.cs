using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Quantization.Equalization;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Tests that trials that share statistics and the outputs of the original give the same results as trials that share nothing.</summary>
public sealed class SharedResultsTests : IDisposable
{
    private const string Outputs = "outputs of the original";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("optimize")]
    [InlineData("int8-weights least-squares gptq")]
    [InlineData("int8")]
    [InlineData("int8(min-max)")]
    [InlineData("int8-dynamic")]
    [InlineData("smooth-quant int8-dynamic")]
    [InlineData("equalize(by=activations) int8(percentile)")]
    [InlineData("prune-channels(0.5) int8")]
    public void A_trial_with_shared_results_gives_the_same_bytes_and_figures(string recipe)
    {
        var settings = Settings();

        var alone = Run(settings, recipe, shared: null);
        var first = Run(settings, recipe, Shared("key"));
        var files = Files();
        var second = Run(settings, recipe, Shared("key"));

        foreach (var result in new[] { first, second })
        {
            Assert.Equal(alone.Sha256, result.Sha256);
            Assert.Equal(alone.SqnrDb, result.SqnrDb);
            Assert.Equal(alone.Judged, result.Judged);
            Assert.Equal(alone.ExpectedLoss, result.ExpectedLoss);
            Assert.Equal(alone.PredictedTime, result.PredictedTime);
            Assert.Equal(alone.Outputs, result.Outputs);
        }

        Assert.Equal(files, Files());
        Assert.Contains(files, file => file.EndsWith(SharedResults.Extension, StringComparison.Ordinal));
        if (recipe.StartsWith("int8(", StringComparison.Ordinal))
            Assert.True(files.Length >= 2, "The statistics are not shared.");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Results_of_another_recipe_are_shared_as_well()
    {
        var settings = Settings();
        Run(settings, "optimize", Shared("key"));
        var known = Files();

        Assert.Equal(Run(settings, "int8(min-max)", shared: null).Sha256, Run(settings, "int8(min-max)", Shared("key")).Sha256);

        Assert.True(known.ToHashSet().IsProperSubsetOf(Files()));
    }

    [Fact]
    public void A_changed_file_is_used_only_if_its_hash_is_correct()
    {
        var settings = Settings();
        var expected = Run(settings, "int8-weights", Shared("key"));
        var path = Assert.Single(Directory.GetFiles(_folder.File("shared")));
        var bytes = File.ReadAllBytes(path);

        // The changed byte contains the sign and the exponent of an output of the last call, which is held out.
        bytes[^5] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(expected.Outputs, Run(settings, "int8-weights", Shared("key")).Outputs);

        File.Delete(path);
        Shared("key").Save(Outputs, file => file.Write(bytes.AsSpan(32)), bytes.Length);
        Assert.NotEqual(expected.Outputs, Run(settings, "int8-weights", Shared("key")).Outputs);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_truncated_file_counts_as_absent()
    {
        var settings = Settings();
        var expected = Run(settings, "int8-weights", Shared("key"));
        var path = Assert.Single(Directory.GetFiles(_folder.File("shared")));
        foreach (var length in new[] { 0, 10, 32, 40 })
        {
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);

            Assert.Null(Shared("key").Open(Outputs));
            Assert.Equal(expected.Outputs, Run(settings, "int8-weights", Shared("key")).Outputs);
        }
    }

    [Fact]
    public void Files_of_another_key_or_name_are_not_found()
    {
        Shared("one").Save("name", file => file.Write([1, 2, 3]), 3);

        using (var file = Shared("one").Open("name"))
            Assert.Equal(1, file!.ReadByte());
        Assert.Null(Shared("two").Open("name"));
        Assert.Null(Shared("one").Open("other"));
        Shared("one").Save("large", file => file.Write([1]), long.MaxValue);
        Assert.Null(Shared("one").Open("large"));
        Assert.Single(Directory.GetFiles(_folder.File("shared")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_shares_nothing()
    {
        File.WriteAllText(_folder.File("shared"), "a file");

        var result = Run(Settings(), "int8-weights", Shared("key"));

        Assert.InRange(result.SqnrDb, 10, 100);
        Assert.Equal("a file", File.ReadAllText(_folder.File("shared")));
    }

    [Fact]
    public void Statistics_are_collected_once_for_equal_requests()
    {
        var model = OnnxModel.Load(Settings().Model);
        var samples = new CountedSamples(Calibrated.Samples(8, 4, 3, 12, 12));
        IReadOnlyDictionary<string, TensorStatistics> Collect(bool histograms, params string[] tensors)
        {
            var context = new CalibrationContext(samples, threads: 2, new SharedStatistics(Shared("key")), Token);
            samples.Calls = 0;
            return context.Collect(model, new StatisticsRequest(tensors, histograms, new Dictionary<string, int> { ["b"] = 1 }), Token);
        }

        var first = Collect(true, "a", "b");
        Assert.NotEqual(0, samples.Calls);
        var second = Collect(true, "a", "b");

        Assert.Equal(0, samples.Calls);
        Assert.Equal(first.Keys, second.Keys);
        foreach (var (one, other) in first.Values.Zip(second.Values))
        {
            Assert.Equal((one.Min, one.Max, one.MeanMin, one.MeanMax, one.MovingMin), (other.Min, other.Max, other.MeanMin, other.MeanMax, other.MovingMin));
            Assert.Equal(one.Histogram, other.Histogram);
            Assert.Equal(one.ChannelMin, other.ChannelMin);
            Assert.Equal(one.ChannelMax, other.ChannelMax);
        }

        foreach (var (histograms, tensors) in new[] { (false, new[] { "a", "b" }), (true, ["a"]), (true, ["a", "c"]) })
        {
            Collect(histograms, tensors);
            Assert.NotEqual(0, samples.Calls);
        }
    }

    public void Dispose() => _folder.Dispose();

    private SharedResults Shared(string key) => new(_folder.File("shared"), key);

    private string[] Files() => [.. Directory.GetFiles(_folder.File("shared")).Order(StringComparer.Ordinal)];

    private TrialResult Run(StudySettings settings, string recipe, SharedResults? shared) =>
        StudyTrial.Run(settings, recipe, _folder.File("trial.onnx"), null, shared, Token);

    private StudySettings Settings()
    {
        var model = new Net()
            .Input("x", -1, 3, 12, 12)
            .Weight("w1", 32, 3, 3, 3)
            .Weight("w2", 32, 32, 3, 3)
            .Weight("w3", 32, 10)
            .Node("Conv", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("Conv", "b w2", "c")
            .Node("Relu", "c", "d")
            .Node("GlobalAveragePool", "d", "e")
            .Node("Flatten", "e", "f")
            .Node("MatMul", "f w3", "y")
            .Output("y", DataType.Float, -1, 10)
            .Save(_folder.File("model.onnx"));
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([64, 3, 12, 12], Noise.Floats(64 * 3 * 12 * 12))));
        return new StudySettings
        {
            Model = model,
            Data = [_folder.File("data.npz")],
            Target = TargetProfile.CpuX64.Name,
            MinSqnr = "10",
        };
    }

    private sealed class CountedSamples(ISampleSource samples) : ISampleSource
    {
        public int Calls { get; set; }

        public InputKind Kind => samples.Kind;

        public IEnumerable<Sample> Read(CancellationToken cancellationToken)
        {
            foreach (var sample in samples.Read(cancellationToken))
            {
                Calls++;
                yield return sample;
            }
        }
    }
}
