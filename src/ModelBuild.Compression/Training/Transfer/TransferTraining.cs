using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Explanation;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Normalizations;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Transfer;

/// <summary>
/// Trains a classifier with a new last layer in two phases: the new layer alone, because its first gradients would destroy the trained weights of the other
/// layers, and then all layers at a lower rate.
/// </summary>
/// <param name="source">The data.</param>
/// <param name="options">The options of training. The layers that stay are those of <see cref="TrainingOptions.Exclude"/>.</param>
/// <param name="bodyRate">The rate of the second phase as a share of that of the first; 0 for no second phase.</param>
/// <param name="work">Receives the progress.</param>
/// <param name="cancellationToken">Ends the training.</param>
internal sealed class TransferTraining(TrainingSource source, TrainingOptions options, double bodyRate, WorkLog work, CancellationToken cancellationToken)
{
    // The factor of the learning rate of the new layer. The new layer begins with random numbers, and needs larger steps than layers that are already trained.
    private const double LayerRate = 10;

    // The factor of the learning rate for a model that diverges at usual rates. With this factor, the second phase has the learning rate of the step fine-tune.
    private const double DelicateLayerRate = 3;

    // Images are moved at random by at most their side divided by this number. Without moved images, a model cannot learn from few images that the position of
    // an object does not matter.
    private const int ShiftedPart = 14;

    // The number of epochs of the second phase. Transfer data often has few rows, so many epochs are needed until the layers below the new one fit the rows.
    private const int BodyEpochs = 50;

    /// <summary>Trains a copy of a model with a new last layer.</summary>
    /// <param name="step">The step in its one-line form.</param>
    /// <param name="model">The model with the new layer. It does not change.</param>
    /// <param name="head">The new layer.</param>
    /// <param name="keepsZeros">Whether a step before removed single weights, so that codes that are zero stay zero.</param>
    /// <param name="checkpoints">The file of the checkpoints of this training; null to save nothing.</param>
    /// <exception cref="CompressionException">
    /// MB1043: there is no training data. MB1019: it cannot be used, or it has no labels. MB1005: the model cannot be trained. MB1045: the loss is not finite,
    /// or no step has a smaller one.
    /// </exception>
    public TrainedStep Run(string step, OnnxModel model, NewHead head, bool keepsZeros, CheckpointFile? checkpoints)
    {
        if (TrainableModel.WhyNot(model) is { } why)
            throw new CompressionException(Codes.UnknownOption, $"The step '{step}' cannot train the model: {why}.");
        if (source.Data.Count == 0)
            throw new CompressionException(
                Codes.TrainingNeeded,
                $"The step '{step}' needs TrainingData with the class of each row, because nothing else says what the new classes are."
            );
        var student = TrainableModel.Open(model, new CalibrationFiles(source.Data, SignatureReader.Read(model)), keepsZeros, cancellationToken);
        using var rows = LabelledRows.Open(step, source, SignatureReader.Read(student.Model), DerivedSeed.Of((ulong)options.Seed), head, cancellationToken);
        var batch = TrainingChoice.Batch(options, rows.TrainingRows, source.Workers);
        var inputs = rows.Training(batch).First().Inputs;
        var shapes = inputs.ToDictionary(input => input.Name, input => input.Type.Shape, StringComparer.Ordinal);
        CheckShapes(RankInference.DescribeOutputs(student.Model, shapes), head);
        TrainingPlan Plan(int epochs)
        {
            var plan = new TrainingChoice(options, rows.TrainingRows, batch).Choose(student.Model, shapes, CodedValue.MeanUnit(student.Stored), epochs);
            var factor = plan.Rate < TrainingChoice.UsualRate ? DelicateLayerRate : LayerRate;
            return options.Rate.Value is null ? plan with { Rate = plan.Rate * factor } : plan;
        }

        return Train(
            step,
            student,
            NormalizationSearch.Find(student.Model, model, shapes, options),
            rows,
            head,
            options with
            {
                Augment = options.Augment ?? Shift(inputs),
            },
            [Plan(TrainingChoice.Epochs), Plan(BodyEpochs)],
            checkpoints
        );
    }

    private TrainedStep Train(
        string step,
        TrainableModel student,
        NormalizationLayers? normalizations,
        TrainingSet rows,
        NewHead head,
        TrainingOptions chosen,
        TrainingPlan[] plans,
        CheckpointFile? checkpoints
    )
    {
        var (all, plan) = (student.Values(), plans[0]);
        TrainedValue[] layer = [.. all.Where(value => head.Constants.Contains(value.Input.Name))];
        IReadOnlyList<TrainedValue> body = bodyRate == 0 ? [] : new TrainedLayers(student.Model, options).Selected([.. all.Except(layer)]);
        foreach (var value in all)
            value.Compute();
        using var runs = new TransferRuns(
            student.Model,
            [.. all.Select(value => value.Input)],
            normalizations,
            rows,
            head,
            chosen,
            source,
            work,
            cancellationToken
        );
        var before = runs.Accuracy(plan.Batch);
        var first = runs.Train(layer, plan, isLast: body.Count == 0, checkpoints?.Phase(1));
        if (first.Trained.Count == 0)
            throw new CompressionException(Codes.UnknownOption, $"The step '{step}' cannot train the new layer: {first.WhyFrozen}.");
        var between = runs.Accuracy(plan.Batch);
        var second =
            body.Count == 0 ? null : runs.Train([.. layer, .. body], plans[1] with { Rate = plans[1].Rate * bodyRate }, isLast: true, checkpoints?.Phase(2));
        var trained = second is { BestStep: > 0 } ? second.Trained : first.Trained;
        var (report, statistics) = ((second ?? first).Statistics, normalizations?.Statistics ?? []);
        return new TrainedStep(
            step,
            [.. trained.Concat(report?.IsKept == true ? statistics : []).SelectMany(value => value.Constants())],
            TransferFacts.Of(first, second, plans, rows, [.. Frozen(all, body, layer, second)]) with
            {
                Workers = source.WorkersReport,
                Statistics = report,
                Transfer = new TransferReport(head.Layer, head.OldClasses, head.Classes, plan.Steps, before, between, runs.Accuracy(plan.Batch)),
                Explanation =
                    source.Workers.Rank > 0
                        ? null
                        : new TrainingExplainer(rows, plan.Batch, source.Threads, work, cancellationToken).Explain(
                            ExplainedModels.Of(teacher: null, student.Model, all.Concat(statistics)),
                            new ComparedAnswers([], new ClassScores(head.Scores, Teacher: null) { IsIndependent = head.IsIndependent }),
                            TermShares.Of(first, second ?? first),
                            head.Layer
                        ),
            }
        );
    }

    private static Augmentations? Shift(IEnumerable<InputTensor> inputs) =>
        inputs.Where(Augmenter.IsImage).Select(image => Math.Min(image.Type.Shape[2], image.Type.Shape[3])).ToArray() is { Length: > 0 } sides
        && sides.Min() / ShiftedPart is > 0 and var shift
            ? new Augmentations(Shift: (int)shift)
            : null;

    private IEnumerable<Skipped> Frozen(IReadOnlyList<TrainedValue> all, IReadOnlyList<TrainedValue> body, TrainedValue[] layer, TrainingResult? second)
    {
        foreach (var value in all.Except(layer))
            if (!body.Contains(value))
                yield return new Skipped(value.Input.Name, bodyRate == 0 ? "body-rate is 0" : "freeze names its layer");
            else if (second?.Trained.Contains(value) == false)
                yield return new Skipped(value.Input.Name, second.WhyFrozen);
    }

    private static void CheckShapes(IReadOnlyDictionary<string, InferredTensor> types, NewHead head)
    {
        foreach (var value in head.Outputs.Prepend(head.Scores))
            if (types.TryGetValue(value, out var type) && (type.Shape.Length < 2 || type.Shape[1] != head.Classes || type.Shape.Skip(2).Any(size => size != 1)))
                throw new CompressionException(
                    Codes.UnknownOption,
                    $"The scores of the classes need the shape [rows, {head.Classes}], and '{value}' has [{string.Join(", ", type.Shape)}] with the new layer "
                        + $"'{head.Layer}'."
                );
    }
}
