using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Partition;

/// <summary>Real models, cut: what the stages answer is what the whole answers, with all that ONNX Runtime does to both.</summary>
public sealed class CorpusPartitionTests(ITestOutputHelper output)
{
    // float16 graphs are computed in float32 here, and rounded where they are cut.
    private const double Rounding16 = 60;
    private const double Rounding32 = 120;

    public static TheoryData<string> Models { get; } = [.. Corpus.Models().DefaultIfEmpty("models")];

    [Theory]
    [MemberData(nameof(Models))]
    public void Stages_answer_as_the_whole_does(string path)
    {
        using var folder = new TemporaryFolder();
        var file = Corpus.Path(path);
        Assert.SkipUnless(path.EndsWith(".onnx", StringComparison.Ordinal), "There is no model in the corpus.");
        var model = OnnxModel.Load(file);
        var sample = Sample(model, file);

        var stages = Partitioner.Cut(model, 2, sample.Shapes());

        var paths = StageFiles.Of(folder.File("model.onnx"), 2);
        foreach (var (stage, to) in stages.Zip(paths))
            stage.Model.Save(to);
        var report = StageVerification.Compare(file, paths, new FixedSamples(sample), Sessions.Open, CancellationToken.None);
        output.WriteLine(
            $"{string.Join(" | ", stages.Select(stage => $"{stage.Nodes} nodes, {stage.MultiplyAdds:N0} multiply-adds, takes {string.Join(", ", stage.Inputs)} ({stage.CrossingBytes:N0} bytes)"))}: {string.Join(" ", report.Outputs.Select(of => of.SqnrDb))} dB"
        );
        Assert.All(
            report.Outputs,
            of => Assert.InRange(of.SqnrDb, path.Contains("fp16", StringComparison.Ordinal) ? Rounding16 : Rounding32, OutputFidelity.IdenticalDb)
        );
    }

    private static Sample Sample(OnnxModel model, string file)
    {
        foreach (var guess in OpenDimensions.Guesses)
        {
            try
            {
                var sample = new MadeInputs(model, SignatureReader.Read(model), guess).Read(CancellationToken.None).First();
                using var runner = new ModelRunner(Sessions.Open(file));
                runner.Run(sample, CancellationToken.None);
                return sample;
            }
            catch (OnnxRuntimeException)
            {
                // The next guess may fit.
            }
            catch (NotSupportedException exception)
            {
                Assert.Skip(exception.Message);
            }
        }

        Assert.Skip("No inputs could be made on which the model runs.");
        return null!;
    }
}
