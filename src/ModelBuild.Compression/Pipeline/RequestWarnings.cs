using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Warns of parts of a request that had no effect: settings that exclude each other, data that was not used, and steps that changed nothing. The warnings are
/// computed after the compression. They depend on names of files, so they are not stored in the cache.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="receipt">The receipt of the work.</param>
internal sealed class RequestWarnings(CompressionRequest request, Receipt receipt)
{
    /// <summary>Adds the warnings about a request to a receipt, behind the receipt's own warnings.</summary>
    /// <param name="request">The request.</param>
    /// <param name="receipt">The receipt of the work.</param>
    /// <param name="signature">The model's signature.</param>
    public static Receipt AddTo(Receipt receipt, CompressionRequest request, ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(signature);
        var warnings = new RequestWarnings(request, receipt);
        return receipt with { Warnings = [.. receipt.Warnings, .. warnings.OfSettings(), .. warnings.OfData(signature), .. TrainingWarnings.Of(request)] };
    }

    private Warning[] OfSettings()
    {
        if (request.Recipe.IsNone)
            return Without(
                "Compression is 'none'",
                [
                    .. request.Stages > 1 ? [] : new[] { SettingNames.CalibrationData },
                    SettingNames.MaxAccuracyLoss,
                    SettingNames.MinSqnr,
                    SettingNames.Fidelity,
                    .. SettingNames.OfTraining,
                ]
            );
        return [.. OfBudget(), .. OfFiles(), .. OfSteps(), .. OfTraining()];
    }

    private Warning[] OfBudget()
    {
        if (!request.Verify)
            return Without("nothing is compared without verification", SettingNames.MaxAccuracyLoss, SettingNames.MinSqnr);
        FidelityFacts[] judged = [.. receipt.Fidelity.Where(output => output.Budget is not null)];
        if (judged.Length == 0)
            return [];
        var isMade = receipt.Verification?.Inputs == InputKind.Synthetic;
        var others = string.Join(", ", judged.Select(output => $"'{output.Name}' ({FidelityKinds.Name(output.Kind)}) against {output.Budget}").Take(3));
        return
        [
            .. IsHeldBy(judged, SettingNames.MaxAccuracyLoss) ? []
            : isMade
                ? Without(
                    "there is no CalibrationData, and accuracy is not measured on synthetic inputs; give CalibrationData, or set MinSqnr",
                    SettingNames.MaxAccuracyLoss
                )
            : Without($"no output is compared with it: {others}", SettingNames.MaxAccuracyLoss),
            .. IsHeldBy(judged, SettingNames.MinSqnr) ? [] : Without($"no output is compared with it: {others}", SettingNames.MinSqnr),
        ];
    }

    private IEnumerable<Warning> OfFiles()
    {
        if (
            request.Given.Contains(SettingNames.Compression)
            && RecipeFile.BesideModel(request.ModelPath) is var recipe
            && File.Exists(recipe)
            && request.Recipe.Name != Path.GetFileName(recipe)
        )
            yield return NotRead(recipe, SettingNames.Compression);
        if (request.CalibrationData.Count > 0 && CalibrationFile.BesideModel(request.ModelPath) is var calibration && File.Exists(calibration))
            yield return NotRead(calibration, SettingNames.CalibrationData);
    }

    private Warning[] OfTraining() =>
        !request.Recipe.Trains ? Without($"no step of '{request.Recipe}' trains", [.. SettingNames.OfTraining])
        : request.TrainingData.Count == 0 && request.Train ? Without("there is no TrainingData that is trained on", SettingNames.ValidationData)
        : [];

    // Returns warnings about steps that changed nothing. Steps of recovery and preparation may find no gain, and 'optimize' may find nothing to change, so
    // these cause no warning.
    private IEnumerable<Warning> OfSteps()
    {
        if (request.Recipe.IsAuto)
            yield break;
        foreach (var step in request.Recipe.Steps.Where(step => step.Definition.Weights != WeightUse.Any && !step.Definition.SolvesLayers))
            if (receipt.Steps.FirstOrDefault(done => done.Step == step.ToString()) is { Changes.Count: 0 } idle)
                yield return new Warning(
                    Codes.NoEffect,
                    $"The step '{step}' changed nothing in this model{(idle.Skipped is [var left, ..] ? $" ({left.What}: {left.Why})" : "")}: "
                        + "Use another step, or 'auto'."
                );
    }

    private IEnumerable<Warning> OfData(ModelSignature signature)
    {
        if (request.CalibrationData.Count == 0 || request.Recipe.IsNone)
            yield break;
        foreach (var unused in UnusedArrays.Find(request.CalibrationData, signature))
            yield return unused;
        if (receipt.Fidelity.Count > 0 && receipt.Fidelity.All(output => output.Accuracy is null) && UnusedArrays.HasLabels(request.CalibrationData, signature))
            yield return new Warning(
                Codes.DataNotUsed,
                "The labels in the calibration data had no effect: no output has a row of class scores for each label, or the original is not right more often "
                    + "than by chance. Check the order of the classes and the preparation of the inputs. "
                    + $"The outputs are {string.Join(", ", receipt.Fidelity.Select(output => $"'{output.Name}' ({FidelityKinds.Name(output.Kind)})"))}."
            );
        if (receipt.Verification is { Inputs: InputKind.Calibration } verification && FewSamples.Warn(verification.Samples) is { } few)
            yield return few;
    }

    private static bool IsHeldBy(FidelityFacts[] judged, string setting) => judged.Any(output => output.Budget!.StartsWith(setting, StringComparison.Ordinal));

    private Warning[] Without(string why, params string[] knobs)
    {
        string[] given = [.. knobs.Where(request.Given.Contains)];
        return given.Length == 0
            ? []
            : [new Warning(Codes.NoEffect, $"{string.Join(" and ", given)} {(given.Length == 1 ? "has" : "have")} no effect: {why}.")];
    }

    private static Warning NotRead(string file, string setting) =>
        new(Codes.NoEffect, $"'{Path.GetFileName(file)}' beside the model was not read, because {setting} is set. Remove one of the two.");
}
