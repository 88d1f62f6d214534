using System.CommandLine;
using System.Globalization;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild build-compress</c>: the build's second stage. Puts compressed models, receipts and reports in place, from the cache where it can.</summary>
internal static class BuildCompressCommand
{
    private const string DiskOnly = " (once loaded, as much memory and time as before)";

    public static Command Create() => BuildAction.Create("build-compress", "Compresses models.", Compress);

    private static void Compress(BuildRequest build, CancellationToken cancellationToken)
    {
        var choice = RecipeChoice.Of(build.Compression, build.Recipe);
        var model = OnnxModel.Load(build.Model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var request = new CompressionRequest(build.Model, build.Output)
        {
            DisplayName = build.ModelDisplay,
            Recipe = choice.Recipe,
            Folder = choice.Folder(Path.GetDirectoryName(build.Project) ?? ""),
            CalibrationData = build.CalibrationData,
            CalibrationFile = build.CalibrationFile,
            Budget = FidelityBudget.Parse(build.MaxAccuracyLoss, build.MinSqnr),
            Fidelity = FidelityKinds.Parse(build.Fidelity),
            MaxSize = ByteSize.Parse("MaxSize", build.MaxSize),
            Stages = build.Stages,
            Target = Targets.Parse(build.Target),
            LabelCount = LabelSource.Read(build.Labels, model).Count,
            Given = build.Given,
        };
        var cache = new CompressionCache(build.Cache);
        var (done, hit) = cache.GetOrCompress(
            request,
            warning => Console.Out.WriteLine(Message.Warning(warning.File ?? build.Model, warning.Code, warning.Message)),
            // The build shows standard error where its verbosity asks for details.
            Progress.Print(build.Id),
            cancellationToken);

        var receipt = RequestWarnings.AddTo(done, request, SignatureReader.Read(model));
        BuildFiles.Write(build.Receipt, JsonText.Of(receipt));
        BuildFiles.Write(build.Report, HtmlReport.Render(receipt));
        BuildFiles.WriteInputs(build, [
            .. BuildFiles.SharedInputs(build, model.ExternalFiles), .. new[] { choice.File, build.CalibrationFile }.OfType<string>(), .. request.RecipeFiles, .. build.CalibrationData]);
        foreach (var warning in receipt.Warnings)
            Console.Out.WriteLine(Message.Warning(build.Model, warning.Code, warning.Text));
        Console.Out.WriteLine(Summary(build, receipt, hit));
    }

    private static string Fidelity(Receipt receipt)
    {
        var silent = FidelityFacts.NotExercised(receipt.Fidelity);
        return Nearness(receipt) + (silent.Count == 0
            ? ""
            : $", not measured: {string.Join(", ", silent.Select(output => output.Name))} ({FidelityWords.Wanted(receipt.Verification!.Inputs)})");
    }

    private static string Nearness(Receipt receipt)
    {
        if (receipt.Fidelity.FirstOrDefault(output => output.Accuracy is not null)?.Accuracy is { } accuracy)
            return string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy.Before * 100:0.##}% -> {accuracy.After * 100:0.##}%");
        return FidelityFacts.Worst(receipt.Fidelity) is { } worst ? $", {worst.Nearness}" : "";
    }

    private static string Size(Receipt receipt) => receipt.GainsWhenZippedOnly
        ? string.Create(CultureInfo.InvariantCulture, $"{receipt.Original.ZippedBytes:N0} -> {receipt.Compressed.ZippedBytes:N0} bytes when zipped ({receipt.Compressed.Bytes:N0} on disk as before, and no faster)")
        : string.Create(CultureInfo.InvariantCulture, $"{receipt.Original.Bytes:N0} -> {receipt.Compressed.Bytes:N0} bytes")
            + (receipt.GainsOnDiskOnly ? DiskOnly : "");

    // Most recipes leave both as they are.
    private static string Change(long before, long after, string what) => before == after ? "" : string.Create(CultureInfo.InvariantCulture, $", {before:N0} -> {after:N0} {what}");

    private static string Summary(BuildRequest build, Receipt receipt, bool hit)
    {
        var recipe = receipt.Recipe.Steps.Count == 0 ? "unchanged" : string.Join(' ', receipt.Recipe.Steps);
        return $"{build.Id}: {Size(receipt)}{Change(receipt.Original.Parameters, receipt.Compressed.Parameters, "parameters")}{Change(receipt.Original.MultiplyAdds, receipt.Compressed.MultiplyAdds, "multiply-adds")}, {recipe}{Fidelity(receipt)}{(receipt.Partition is { } partition ? $", in {partition.Stages.Count} stages" : "")}{(hit ? " (from the cache)" : "")}  {build.Report}";
    }
}
