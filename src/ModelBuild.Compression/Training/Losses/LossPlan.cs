using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>A loss, and the values of the teacher that it reads.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="TeacherValues">The values of the teacher.</param>
/// <param name="UsesLabels">Whether the loss reads labels.</param>
/// <param name="Compared">The values of the model and of the teacher that are compared as outputs.</param>
internal sealed record LossPlan(ILoss Loss, IReadOnlyList<string> TeacherValues, bool UsesLabels, IReadOnlySet<string> Compared)
{
    /// <summary>The learned maps of the loss, which are trained with the model.</summary>
    public IReadOnlyList<FeatureMap> Maps { get; init; } = [];

    /// <summary>
    /// The loss that is measured on held-out rows, if it differs from the trained one. If training learns settings of the loss, the values of the trained loss
    /// are not comparable.
    /// </summary>
    public ILoss? Judge { get; init; }

    /// <summary>The settings of the loss that training learns; null if there are none.</summary>
    public LossSettings? Settings { get; init; }

    /// <summary>
    /// The share of rows for which the model and the teacher choose the same class, as a loss that is only measured; null for a model without class scores.
    /// </summary>
    public ILoss? Agreement { get; init; }

    /// <summary>The scores of the classes; null if no output has one row of scores for each row of the batch.</summary>
    public ClassScores? Classes { get; init; }

    /// <summary>Returns the plan with additional losses of values inside the model.</summary>
    public LossPlan With(InnerLosses inner)
    {
        var losses = inner.Choose();
        return this with
        {
            Loss = new LossSum([Loss, .. losses.Select(loss => Settings?.Learn(loss.Loss) ?? loss.Loss)]),
            TeacherValues = [.. TeacherValues, .. losses.Select(loss => loss.TeacherValue)],
            Maps = inner.Maps,
        };
    }
}
