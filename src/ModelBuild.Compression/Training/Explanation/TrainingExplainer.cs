using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Measures after training where a model differs from its teacher, on held-out rows only.</summary>
/// <param name="rows">The data.</param>
/// <param name="batch">The number of rows of a run.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="work">Receives the progress.</param>
/// <param name="cancellationToken">Cancels the work.</param>
internal sealed class TrainingExplainer(TrainingSet rows, int batch, int threads, WorkLog work, CancellationToken cancellationToken)
{
    /// <summary>Measures the differences between the models of a training.</summary>
    /// <param name="models">The models.</param>
    /// <param name="answers">The answers that are compared.</param>
    /// <param name="terms">The contribution of each term to the loss.</param>
    /// <param name="newLayer">The name of a layer that the teacher does not have; null if there is none.</param>
    public TrainingExplanation Explain(ExplainedModels models, ComparedAnswers answers, IReadOnlyList<TermShare> terms, string? newLayer = null)
    {
        if (rows.HeldOutRows == 0)
            return TrainingExplanation.None;
        work.Report(string.Create(CultureInfo.InvariantCulture, $"comparing the trained model with its teacher on {rows.HeldOutRows:N0} held-out rows"));
        var compared = AnswerComparison.Run(models, answers, rows, batch, threads, cancellationToken);
        var layerRows = rows.HeldOutRows < TrainingExplanation.MinLayerRows ? 0 : Math.Min(rows.HeldOutRows, LayerComparison.MaxRows);
        var layers = layerRows == 0 ? [] : new LayerComparison(models, rows, threads, cancellationToken).Run(newLayer);
        var samples = compared.Samples;
        return new TrainingExplanation(
            compared.Rows,
            layerRows,
            layers,
            compared.Outputs,
            compared.Classes,
            samples,
            samples.Count == 0 ? null : compared.Measure,
            terms
        );
    }
}
