using System.CommandLine;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Caching;
using ModelBuild.Cli.Data;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Reports;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// <c>modelbuild build-compress</c>, the second phase of the build: writes compressed models, receipts and reports, from the cache where it has them.
/// </summary>
internal static class BuildCompressCommand
{
    public static Command Create() => BuildAction.Create(PhaseNames.Command(PhaseNames.Compress), "Compresses models.", Compress);

    private static void Compress(ModelRequest build, BuildRun run, CancellationToken cancellationToken)
    {
        var choice = RecipeChoice.Of(build.Compression, build.Recipe);
        var model = OnnxModel.Load(build.Model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var projectFolder = Path.GetDirectoryName(build.Project) ?? "";
        var described = DescriptionSearch.Find(build.Model, model, RecipeSignature.Read(model, choice.Recipe), build.Descriptions, projectFolder);
        var labels = build.Labels is null ? described.Labels : LabelSource.Read(build.Labels, model);
        var data = new PreparedData(build.Model, model, described, labels, Path.Combine(build.Folder, "data")) { States = build.State };
        var request = new CompressionRequest(build.Model, build.Files.Output)
        {
            DisplayName = build.ModelDisplay,
            Use = new UseFacts(build.Id, DataPattern.Of(build.CalibrationData, projectFolder)),
            Recipe = choice.Recipe,
            Folder = choice.Folder(projectFolder),
            CalibrationData = data.Prepare(build.CalibrationData, cancellationToken),
            CalibrationFile = build.CalibrationFile,
            Descriptions = described.Descriptions,
            Preprocess =
                build.Preprocess == ItemMetadata.PreprocessGraph
                    ? new PreprocessRequest(described.Of(ItemMetadata.Image), new ComparedPictures(build.CalibrationData))
                    : null,
            Tokens = build.CalibrationData.Count > 0 ? null : SpecialTokens.Read(build.Model, described.Vocabulary),
            TrainingData = data.Prepare(build.TrainingData, cancellationToken),
            ValidationData = data.Prepare(build.ValidationData, cancellationToken),
            TrainedFile = build.TrainedFile,
            Train = build.Train,
            TrainCommand = build.TrainCommand,
            Budget = FidelityBudget.Parse(build.MaxAccuracyLoss, build.MinSqnr),
            Fidelity = FidelityKinds.Parse(build.Fidelity),
            MaxSize = ByteSize.Parse("MaxSize", build.MaxSize),
            Stages = build.Stages,
            Target = TargetProfile.Parse(build.Target),
            LabelCount = labels.Count,
            Given = build.Given,
        };
        using var remote = RemoteSettings.Of(build.RemoteCache, build.RemoteCachePush, build.RemoteCacheVerify) is { } settings
            ? new RemoteCache(settings, run.RemoteCache)
            : null;
        var cache = new CompressionCache(build.Cache, CacheLimit.Of(build.CacheSize), remote);
        var lines = Progress.Print(build.Id);
        var done = cache.GetOrCompress(
            request,
            warning => Console.Out.WriteLine(Message.Warning(warning.File ?? build.Model, warning.Code, warning.Message)),
            // The build shows lines of standard error only at a detailed verbosity.
            new WorkLines(line =>
            {
                lines.Report(line);
                run.Progress?.Report(line);
            }),
            cancellationToken
        );

        var receipt = RequestWarnings.AddTo(done.Receipt, request, SignatureReader.Read(model));
        BuildFiles.Write(build.Files.Receipt, JsonText.Of(receipt));
        BuildFiles.Write(build.Files.Report, HtmlReport.Render(receipt));
        BuildFiles.WriteInputs(
            build,
            [
                .. BuildFiles.SharedInputs(build, model.ExternalFiles, described.Files),
                .. new[] { choice.File, build.CalibrationFile, build.TrainedFile }.OfType<string>(),
                .. request.RecipeFiles,
                .. build.CalibrationData,
                .. build.TrainingData,
                .. build.ValidationData,
                .. data.Sources,
            ]
        );
        foreach (var warning in receipt.Warnings)
            Console.Out.WriteLine(Message.Warning(build.Model, warning.Code, warning.Text));
        var cached = done.Source switch
        {
            CacheSource.Folder => " (from the cache)",
            CacheSource.Server => " (from the remote cache)",
            _ => "",
        };
        run.Progress?.End(Message.OneLine(Verdict.Terminal(receipt) + cached));
        var partition = receipt.Partition is { } stages ? $", in {stages.Stages.Count} stages" : "";
        Console.Out.WriteLine(Message.OneLine($"{build.Id}: {Verdict.Log(receipt)}{partition}{cached}  {build.Files.Report}"));
    }
}
