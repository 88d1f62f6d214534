using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Partition;

/// <summary>Tests that the stages of real models have the same outputs as the whole models, with all optimizations of ONNX Runtime in both.</summary>
[Trait("Speed", "Slow")]
public sealed class CorpusPartitionTests(ITestOutputHelper output)
{
    // The processor computes float16 graphs in float32 and rounds the values where a graph is cut.
    private const double Rounding16 = 60;
    private const double Rounding32 = 120;

    public static TheoryData<string> Models { get; } = [.. Corpus.ModelsOrNone()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Stages_answer_as_the_whole_does(string path)
    {
        using var folder = new TemporaryFolder();
        var file = Corpus.Model(path);
        var model = OnnxModel.Load(file);
        var sample = MadeSample.Of(model, () => Sessions.Open(file)).Sample;

        var stages = Partitioner.Cut(model, 2, sample.Shapes());

        var paths = StageFiles.Of(folder.File("model.onnx"), 2);
        foreach (var (stage, to) in stages.Zip(paths))
            stage.Model.Save(to);
        var report = StageVerification.Compare(file, paths, new FixedSamples(sample), Sessions.Open, CancellationToken.None);
        var facts = stages.Select(stage =>
            $"{stage.Nodes} nodes, {stage.MultiplyAdds:N0} multiply-adds, takes {string.Join(", ", stage.Inputs)} ({stage.CrossingBytes:N0} bytes)"
        );
        output.WriteLine($"{string.Join(" | ", facts)}: {string.Join(" ", report.Outputs.Select(of => of.SqnrDb))} dB");
        Assert.All(
            report.Outputs,
            of => Assert.InRange(of.SqnrDb, path.Contains("fp16", StringComparison.Ordinal) ? Rounding16 : Rounding32, OutputFidelity.IdenticalDb)
        );
    }
}
