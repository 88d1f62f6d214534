using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Finds the fewest multiply-adds with which the model's outputs keep a given SQNR on held-out samples. A share of the multiply-adds of all layers is divided
/// among them by their errors (<see cref="ErrorCurves"/>). Bisection finds the share, with a bounded number of models that are built and run.
/// </summary>
/// <param name="context">The context with the model before the step.</param>
/// <param name="options">The options of the step.</param>
/// <param name="factor">Factors the layers of a copy, with a share for each layer.</param>
internal sealed class FidelitySearch(PassContext context, LowRankOptions options, Action<PassContext, IReadOnlyDictionary<string, double>> factor)
{
    private const int Models = 6;
    private const int EvaluatedCalls = 16;
    private const double MinShare = 0.1;

    /// <summary>Returns the share of the multiply-adds that each layer keeps, by the name of its output; null if no model reaches the SQNR.</summary>
    /// <exception cref="CompressionException">MB1023: there are no samples.</exception>
    public IReadOnlyDictionary<string, double>? Find(OnnxModel reference, IReadOnlyList<FactorableLayer> layers)
    {
        if (context.Calibration?.Fit is null)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "'low-rank' with sqnr needs the inputs themselves, which a calibration file does not contain: "
                    + "give CalibrationData, or a ratio or energy instead."
            );
        var curves = new ErrorCurves(context, reference, layers);
        using var evaluator = new HeldOutEvaluator(context, EvaluatedCalls);
        var (low, high) = (MinShare, 1.0);
        Trial<IReadOnlyDictionary<string, double>>? kept = null;
        var trials = new Trials<IReadOnlyDictionary<string, double>>(context.Work, new TrialWork("choice of ranks", Models));
        for (var i = 0; i < Models; i++)
        {
            var share = (low + high) / 2;
            var shares = curves.Divide(share);
            trials.Begin(FormattableString.Invariant($"low-rank to {share:P1} of the multiply-adds"));
            var trial = trials.Evaluate(evaluator, shares, Try(shares));
            if (trial.SqnrDb >= options.Sqnr)
                (high, kept) = (share, trial);
            else
                low = share;
        }

        trials.Report(context.Report, kept is null ? [] : [kept]);
        if (kept is null)
            context.Report.Leave("all layers", FormattableString.Invariant($"no ranks keep {options.Sqnr} dB on held-out samples"));
        return kept?.Subject;
    }

    private OnnxModel Try(IReadOnlyDictionary<string, double> shares)
    {
        var attempt = context with { Model = context.Model.Clone(), Report = new PassReport() };
        factor(attempt, shares);
        return attempt.Model;
    }
}
