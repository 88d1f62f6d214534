using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
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
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Trains a model to reproduce the outputs of the model before compression: it prepares copies of both models, opens the rows, chooses the loss, and returns
/// the new constants.
/// </summary>
/// <param name="source">The data.</param>
/// <param name="loadTeacher">Loads the teacher.</param>
/// <param name="calibration">The calibration data, which replaces training data if there is none; null if the project has none.</param>
/// <param name="hints">The project's settings about outputs.</param>
/// <param name="options">The options of the step.</param>
/// <param name="work">Receives the progress.</param>
/// <param name="cancellationToken">Ends the training.</param>
internal sealed class ModelTraining(
    TrainingSource source,
    Func<OnnxModel> loadTeacher,
    ICalibrationContext? calibration,
    OutputHints hints,
    TrainingOptions options,
    WorkLog work,
    CancellationToken cancellationToken
)
{
    /// <summary>Trains a copy of a model.</summary>
    /// <param name="step">The step in its one-line form.</param>
    /// <param name="model">The model. It does not change.</param>
    /// <param name="keepsZeros">Whether a step before removed single weights, so that codes that are zero stay zero.</param>
    /// <param name="kept">The channels that steps before have kept.</param>
    /// <param name="checkpoints">The file of the checkpoints of this training; null to save nothing.</param>
    /// <exception cref="CompressionException">
    /// MB1043: there is no data. MB1019: the data cannot be used. MB1005: the model cannot be trained, or the loss does not fit it. MB1045: the loss is not
    /// finite.
    /// </exception>
    public TrainedStep Run(string step, OnnxModel model, bool keepsZeros, KeptChannels kept, CheckpointFile? checkpoints)
    {
        if (TrainableModel.WhyNot(model) is { } why)
            throw new CompressionException(Codes.UnknownOption, $"The step '{step}' cannot train the model: {why}.");
        var teacherModel = loadTeacher();
        var samples = Samples(step, teacherModel);
        var student = TrainableModel.Open(model, samples, keepsZeros, cancellationToken);
        var teacher = TrainableModel.Open(teacherModel, samples, keepsZeros: false, cancellationToken);
        using var rows = OpenRows(student, samples);
        var batch = TrainingChoice.Batch(options, rows.TrainingRows, source.Workers);
        var shapes = rows.Training(batch).First().Inputs.ToDictionary(input => input.Name, input => input.Type.Shape, StringComparer.Ordinal);
        var outputs = OutputPlan.Of(teacher.Model, shapes, hints);
        var types = RankInference.DescribeOutputs(teacher.Model, shapes);
        var loss = ChooseLoss(student.Model, new DescribedGraph(new Graph(teacher.Model), types), outputs, shapes, rows, kept);
        new Graph(teacher.Model).SetOutputs(loss.TeacherValues.Distinct(StringComparer.Ordinal));
        using var running = new Teacher(teacher.Model, source.Threads);
        IReadOnlyList<TrainedValue> values = [.. new TrainedLayers(student.Model, options).Select(step, student.Values()), .. loss.Maps];
        var plan = new TrainingChoice(options, rows.TrainingRows, batch).Choose(student.Model, shapes, CodedValue.MeanUnit(values));
        var normalizations = NormalizationSearch.Find(student.Model, model, shapes, options);
        var trainer = new Trainer(student.Model, values, loss, running, rows, options, plan, source.Threads, source.Workers, checkpoints, normalizations);
        var result = trainer.Run(work, cancellationToken);
        var statistics = normalizations?.Statistics ?? [];
        var frozen = values.Except(result.Trained).Select(value => new Skipped(value.Input.Name, result.WhyFrozen));
        return new TrainedStep(
            step,
            [.. result.Trained.Concat(result.Statistics?.IsKept == true ? statistics : []).SelectMany(value => value.Constants())],
            new TrainingReport(
                rows.TrainingRows,
                rows.HeldOutRows,
                loss.UsesLabels,
                source.Data.Count == 0,
                batch,
                plan.Steps,
                result.BestStep,
                result.Curve,
                result.HeldOut.Terms,
                [.. frozen]
            )
            {
                Workers = source.WorkersReport,
                Learned = loss.Settings?.Values(),
                Moved = result.Moved,
                Reassigned = result.Reassigned,
                Statistics = result.Statistics,
                Memory = result.Memory,
                Explanation =
                    source.Workers.Rank > 0
                        ? null
                        : new TrainingExplainer(rows, batch, source.Threads, work, cancellationToken).Explain(
                            ExplainedModels.Of(teacher.Model, student.Model, values.Concat(statistics)),
                            ComparedAnswers.Of(outputs, types, loss.Classes),
                            TermShares.Of(result, result)
                        ),
            }
        );
    }

    private ISampleSource Samples(string step, OnnxModel teacher) =>
        source.Data.Count > 0
            ? new CalibrationFiles(source.Data, SignatureReader.Read(teacher))
            : calibration?.Fit
                ?? throw new CompressionException(
                    Codes.TrainingNeeded,
                    $"The step '{step}' needs data: give TrainingData, typical inputs with or without labels (a thousand rows or more), or CalibrationData."
                );

    private TrainingSet OpenRows(TrainableModel student, ISampleSource samples)
    {
        var signature = SignatureReader.Read(student.Model);
        var seed = DerivedSeed.Of((ulong)options.Seed);
        return source.Data.Count > 0
            ? TrainingSet.Open(source.Data, source.Validation, signature, TrainingSource.RowMemory, seed, cancellationToken)
            : TrainingSet.Copy(samples, signature, TrainingSource.RowMemory, seed, cancellationToken);
    }

    private LossPlan ChooseLoss(
        OnnxModel student,
        DescribedGraph other,
        OutputPlan outputs,
        Dictionary<string, long[]> shapes,
        TrainingSet rows,
        KeptChannels kept
    )
    {
        var own = new Graph(student);
        LossPlan Choose(TrainingOptions chosen, bool areLabelled) => new LossChoice(own, other.Graph, outputs, other.Types, chosen).Choose(areLabelled);
        var loss = Choose(options, rows.HasLabels);
        if (options.Loss == LossKind.Auto)
        {
            var isJudgedByLabels = loss.UsesLabels && rows.HasHeldOutLabels;
            var kind = isJudgedByLabels ? LossKind.Labels : LossKind.Teacher;
            loss = loss with { Judge = Choose(options with { Loss = kind, Temperature = 1, Labels = 0 }, isJudgedByLabels).Loss };
        }

        if (!options.ComparesInside)
            return loss;
        var described = new DescribedGraph(own, RankInference.DescribeOutputs(student, shapes));
        return loss.With(new InnerLosses(described, new FeaturePairs(described, other, kept, loss.Compared), options));
    }
}
