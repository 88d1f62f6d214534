using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Training.Checkpoints;

/// <summary>The numbers and texts of a checkpoint, apart from its arrays.</summary>
/// <param name="Key">Identifies the model, the step, the data and the version, so that a checkpoint of another training is not used.</param>
/// <param name="Step">The number of steps that were done.</param>
/// <param name="Rate">The largest rate of the schedule, which is halved after a divergence.</param>
/// <param name="Halvings">The number of halvings.</param>
/// <param name="LossSum">The sum of the losses since the last point of the curve.</param>
/// <param name="LossCount">The number of these losses.</param>
/// <param name="Curve">The curve so far.</param>
/// <param name="BestStep">The step after which the kept values were reached.</param>
/// <param name="BestLoss">Their loss on held-out rows; null if no rows are held out.</param>
/// <param name="BestTerms">The terms of that loss.</param>
internal sealed record CheckpointFacts(
    string Key,
    int Step,
    double Rate,
    int Halvings,
    double LossSum,
    int LossCount,
    IReadOnlyList<TrainingPoint> Curve,
    int BestStep,
    double? BestLoss,
    IReadOnlyDictionary<string, double> BestTerms
);
