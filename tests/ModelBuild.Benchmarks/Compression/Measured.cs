using Microsoft.ML.OnnxRuntime;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>The result of a recipe for a model.</summary>
/// <param name="Path">The path of the result; null if there is none.</param>
/// <param name="Receipt">The receipt; null if there is no result.</param>
/// <param name="Fidelity">The comparison of the outputs on the test inputs; null if there is no result.</param>
/// <param name="WhyNot">The reason if there is no result.</param>
internal sealed record Measured(string? Path, Receipt? Receipt, FidelityReport? Fidelity, string? WhyNot)
{
    /// <summary>The worst output that has measurements; null if none has.</summary>
    public OutputFidelity? Worst => Fidelity?.Outputs.Where(output => output.IsFloat).MinBy(output => output.SqnrDb);

    /// <summary>Compresses without a budget, and runs the result on the inputs of <paramref name="reference"/>.</summary>
    public static Measured Of(
        CorpusModel model,
        string recipe,
        IReadOnlyList<string> calibration,
        ReferenceRun reference,
        string result,
        TargetProfile? target = null
    )
    {
        try
        {
            var receipt = Compressor.Compress(
                new CompressionRequest(model.FullPath, result)
                {
                    DisplayName = model.Name,
                    Recipe = RecipeParser.Parse(recipe),
                    CalibrationData = calibration,
                    Target = target ?? TargetProfile.Default,
                    Verify = false,
                }
            );
            return new Measured(
                result,
                receipt,
                reference.Compare(result, onCall: null, CancellationToken.None, asAccelerator: target?.IsProcessor == false),
                null
            );
        }
        catch (CompressionException exception)
        {
            return new Measured(null, null, null, $"{exception.Code}: {exception.Message}");
        }
        catch (OnnxRuntimeException exception)
        {
            return new Measured(null, null, null, Sessions.Reason(exception));
        }
    }

    /// <summary>Runs the original on its test inputs, or on synthetic inputs if there are none.</summary>
    public static (ReferenceRun? Run, string? WhyNot) Reference(CorpusModel model)
    {
        var original = OnnxModel.Load(model.FullPath);
        return ReferenceRun.Record(original, model.FullPath, SignatureReader.Read(original), model.Test, CancellationToken.None);
    }

    /// <summary>The inputs of one call. They are synthetic, because the time of a call does not depend on the values.</summary>
    public static Sample One(CorpusModel model)
    {
        using var run = Reference(model with { Test = [] }).Run!;
        return run.Samples.Read(CancellationToken.None).First();
    }
}
