using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Makes results of recipes in the workspace, each in place of the one before, and compares them with the original.</summary>
internal sealed class Candidates(Original original, OutputWorkspace workspace, IProgress<string>? progress, CancellationToken cancellationToken)
{
    /// <summary>The size of the present result's files.</summary>
    public long Bytes => workspace.Files.Sum(file => new FileInfo(file).Length);

    /// <summary>Whether that is less than the original's.</summary>
    public bool IsSmaller => Bytes < original.Bytes;

    /// <summary>The present result's size as a share of the original's, in words.</summary>
    public string Share => string.Create(CultureInfo.InvariantCulture, $"{(double)Bytes / original.Bytes:P0} of the original's size");

    /// <summary>Runs a recipe, and saves what it makes of the original.</summary>
    public IReadOnlyList<StepReport> Make(Recipe recipe)
    {
        var context = original.Context();
        var model = context.Model;
        var steps = RecipePipeline.Run(context, recipe);
        // Not the original's: a step may change what a caller sees.
        model.SetMetadata(ModelSignature.MetadataKey, SignatureReader.Read(model).Hash());
        IntegerArithmetic.Describe(model);
        model.Save(workspace.ModelPath, cancellationToken: cancellationToken);
        model.ReleaseWeights();
        return steps;
    }

    /// <summary>Runs the present result on what the original ran on.</summary>
    /// <param name="recipe">What it was made by.</param>
    /// <param name="reference">The original's answers.</param>
    /// <exception cref="OnnxRuntimeException">It does not load or run.</exception>
    public FidelityReport Compare(Recipe recipe, ReferenceRun reference)
    {
        LargeModels.LetGo(original.Bytes);
        // Not Progress<int>: that one reports from other threads, and after the work is done.
        void OnCall(int calls) => progress?.Report(string.Create(CultureInfo.InvariantCulture, $"verifying '{recipe}', call {calls}"));
        return reference.Compare(workspace.ModelPath, OnCall, cancellationToken, asAccelerator: !Targets.IsCpu(original.Target));
    }
}
