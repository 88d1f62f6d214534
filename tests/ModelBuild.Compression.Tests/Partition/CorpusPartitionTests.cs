using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using Stage = ModelBuild.Compression.Partition.Stage;

namespace ModelBuild.Compression.Tests.Partition;

/// <summary>Real models, cut: what the stages answer is what the whole answers, with all that ONNX Runtime does to both.</summary>
public sealed class CorpusPartitionTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models { get; } = [.. Corpus.Models().DefaultIfEmpty("models")];

    [Theory]
    [MemberData(nameof(Models))]
    public void Stages_answer_as_the_whole_does(string path)
    {
        using var folder = new TemporaryFolder();
        var file = Corpus.Path(path);
        Assert.SkipUnless(path.EndsWith(".onnx", StringComparison.Ordinal), "There is no model in the corpus.");
        var original = OnnxModel.Load(file);
        foreach (var recipe in new[] { "", "optimize", "int8-dynamic" })
        foreach (var count in new[] { 2, 3 })
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var model = recipe.Length == 0 ? original : Steps.Run(original, recipe);
            var whole = folder.File("whole.onnx");
            model.Save(whole);
            var samples = Samples(model, whole);
            IReadOnlyList<Stage> stages;
            var start = watch.ElapsedMilliseconds;
            try
            {
                stages = Partitioner.Cut(model, count, samples.Read(CancellationToken.None).First().Shapes());
            }
            catch (CompressionException exception)
            {
                output.WriteLine($"{path} {recipe} {count}: {exception.Message}");
                continue;
            }
            var cut = watch.ElapsedMilliseconds - start;

            var paths = StageFiles.Of(whole, count);
            foreach (var (stage, to) in stages.Zip(paths))
                stage.Model.Save(to);
            var report = StageVerification.Compare(whole, paths, samples, Sessions.Open, CancellationToken.None);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path,-40} {recipe,-12} {count}: {string.Join(" ", report.Outputs.Select(of => of.SqnrDb.ToString("0.0", CultureInfo.InvariantCulture)))} dB; {string.Join(" | ", stages.Select(stage => $"{stage.Nodes} nodes {stage.MultiplyAdds:N0} {stage.CrossingBytes:N0} bytes {string.Join(",", stage.Inputs)}"))} {cut} ms"));
        }
    }

    private static ISampleSource Samples(OnnxModel model, string file)
    {
        foreach (var guess in OpenDimensions.Guesses)
        {
            try
            {
                var samples = new MadeInputs(model, SignatureReader.Read(model), guess);
                using var runner = new ModelRunner(Sessions.Open(file));
                runner.Run(samples.Read(CancellationToken.None).First(), CancellationToken.None);
                return samples;
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
