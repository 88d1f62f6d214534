using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>One point of the curves of a training.</summary>
/// <param name="Step">The number of steps so far.</param>
/// <param name="Loss">The mean loss of the steps since the last point; null before the first step.</param>
/// <param name="HeldOut">The loss on held-out rows; null if no rows are held out.</param>
/// <param name="Rate">The learning rate of the last step; 0 before the first step.</param>
internal sealed record TrainingPoint(int Step, double? Loss, double? HeldOut, double Rate)
{
    /// <summary>The mean of each term of the loss on held-out rows, with its weight, by name; null for a loss of one term.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Terms { get; init; }
}
