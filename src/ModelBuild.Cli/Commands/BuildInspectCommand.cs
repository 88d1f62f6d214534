using System.CommandLine;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// <c>modelbuild build-inspect</c>, the first phase of the build: writes signatures. It skips weights and does not need ONNX Runtime, so that it is fast enough
/// for an editor.
/// </summary>
internal static class BuildInspectCommand
{
    public static Command Create() =>
        BuildAction.Create(
            PhaseNames.Command(PhaseNames.Inspect),
            "Writes the signatures of models.",
            (request, _, cancellationToken) => Inspect(request, cancellationToken)
        );

    private static void Inspect(ModelRequest request, CancellationToken cancellationToken)
    {
        var model = OnnxModel.Load(request.Model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var recipe = RecipeChoice.Of(request.Compression, request.Recipe).Recipe;
        var signature = RecipeSignature.Read(model, recipe);
        var described = DescriptionSearch.Find(request.Model, model, signature, request.Descriptions, Path.GetDirectoryName(request.Project) ?? "");
        described = TextFolder.Describe(described, signature);
        if (described.Summary() is { } summary)
            Console.Out.WriteLine($"{request.Id}: {summary}");
        var descriptions = described.Descriptions;
        if (request.Preprocess == ItemMetadata.PreprocessGraph)
        {
            var input = PictureInput.Find(signature, described.Of(ItemMetadata.Image));
            (signature, descriptions) = (input.Change(signature), input.Change(descriptions));
        }

        var labels = request.Labels is null ? described.Labels : LabelSource.Read(request.Labels, model);
        RecipeLabels.Check(recipe, request.Labels, labels);
        if (LabelCheck.Find(labels, signature) is { } mismatch)
            Console.Out.WriteLine(Message.Warning(request.Model, mismatch.Code, mismatch.Text));
        var binding = new SignatureBinding(request.Id, request.Options, request.ModelDisplay, request.Deploy, request.DeployPath, request.Providers, labels)
        {
            Descriptions = descriptions,
            States = StateSource.Read(signature, request.State),
            Members = MemberNames.Read(signature, request.Names),
            Stages = request.Stages > 1 ? StageFiles.Of(request.DeployPath, request.Stages) : [],
        };
        BuildFiles.Write(request.Files.Signature, SignatureFile.ToJson(signature, binding));
        if (described.Tokenizer.Count > 0)
            BuildFiles.Write(request.Files.Tokenizer, TokenizerArchive.ToBytes(described.Tokenizer));
        else
            File.Delete(request.Files.Tokenizer);
        // The files of an existing list are kept, because the second build phase adds further files to the list, and it writes the list again whenever it runs.
        var known = File.Exists(request.Files.Inputs) ? File.ReadAllLines(request.Files.Inputs) : [];
        BuildFiles.WriteInputs(request, known.Concat(BuildFiles.SharedInputs(request, model.ExternalFiles, described.Files)));
    }
}
