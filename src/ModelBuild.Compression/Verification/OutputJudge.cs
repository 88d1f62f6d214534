using System.Globalization;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Holds outputs against the budget. Class scores on real data are judged by accuracy (with labels) or agreement (without), everything else by SQNR.
/// On made inputs two kinds of outputs are spared: indices and texts, because the argmax of noise says nothing; and probabilities off by less than a thousandth where
/// the recipe keeps at least float16's precision, because a model answers noise with "nothing", and the ratio of two nothings is no proof against such a recipe.
/// Neither is it a proof for a coarser one, which has to show its decibels.
/// </summary>
internal sealed class OutputJudge
{
    private const double NegligibleProbability = 0.001;

    // Shares of a number of samples are not exact in binary.
    private const double Rounding = 1e-9;

    private readonly FidelityBudget _budget;
    private readonly IReadOnlySet<string> _classScores;
    private readonly HashSet<string> _probabilities;

    public OutputJudge(OnnxModel original, ModelSignature signature, FidelityBudget budget, int labels)
    {
        var main = new Graph(original);
        _budget = budget;
        _classScores = ClassScores.Find(main, signature, labels);
        _probabilities = [.. signature.Outputs.Select(output => output.Name).Where(output => Probabilities.IsProbability(main, output))];
    }

    /// <summary>One verdict for each output.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="isPrecise">Whether the compressed model keeps every number at float16's precision or better.</param>
    public IReadOnlyList<OutputVerdict> Judge(FidelityReport report, bool isPrecise) =>
        [.. report.Outputs.Select(output => report.Inputs == "calibration" ? JudgeReal(output) : JudgeMade(output, isPrecise))];

    private OutputVerdict JudgeReal(OutputFidelity output)
    {
        if (output.Top1Agreement is not { } agreement || (!_classScores.Contains(output.Output) && output.Accuracy is null && output.IsFloat))
            return JudgeBySqnr(output);
        var loss = output.Accuracy?.Loss ?? 1 - agreement;
        var what = output.Accuracy is null ? "answers that differ" : "accuracy lost";
        return new OutputVerdict(output, $"{nameof(FidelityBudget.MaxAccuracyLoss)} {Percent(_budget.MaxAccuracyLoss)}", $"{Percent(loss)} {what}", loss <= _budget.MaxAccuracyLoss + Rounding);
    }

    private OutputVerdict JudgeMade(OutputFidelity output, bool isPrecise)
    {
        if (!output.IsFloat)
            return new OutputVerdict(output, null, "", true);
        var verdict = JudgeBySqnr(output);
        return !verdict.Passed && isPrecise && _probabilities.Contains(output.Output) && output.MaxAbsoluteError <= NegligibleProbability
            ? new OutputVerdict(output, $"probabilities within {NegligibleProbability.ToString(CultureInfo.InvariantCulture)}", verdict.Measured, true)
            : verdict;
    }

    private OutputVerdict JudgeBySqnr(OutputFidelity output) => new(
        output,
        string.Create(CultureInfo.InvariantCulture, $"{nameof(FidelityBudget.MinSqnr)} {_budget.MinSqnr:0.##} dB"),
        string.Create(CultureInfo.InvariantCulture, $"{output.SqnrDb:0.0} dB"),
        output.SqnrDb >= _budget.MinSqnr);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##}%");
}
