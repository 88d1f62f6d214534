using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// Chooses the loss of each output by the kind of its content, as verification does: scores of classes follow the teacher's distribution, and all other numbers
/// have the squared error. Integers that a selection computes have no loss; the values that the selection reads have one.
/// </summary>
/// <param name="student">The model that is trained.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="plan">The outputs of the teacher.</param>
/// <param name="types">The types and shapes of the values of the teacher.</param>
/// <param name="options">The options of the step.</param>
internal sealed class LossChoice(Graph student, Graph teacher, OutputPlan plan, IReadOnlyDictionary<string, InferredTensor> types, TrainingOptions options)
{
    // The initial weight of the label loss if training also learns the weights of the losses.
    private const double LearnedLabels = 0.5;

    private readonly LossSettings? _settings = options.Loss == LossKind.Auto ? new LossSettings(options.Temperature) : null;
    private readonly List<ILoss> _losses = [];
    private readonly List<string> _teacherValues = [];
    private readonly HashSet<string> _compared = new(StringComparer.Ordinal);

    /// <summary>Chooses the losses of all outputs.</summary>
    /// <param name="hasLabels">Whether the data has labels.</param>
    /// <exception cref="CompressionException">MB1005: the loss does not fit the model or the data.</exception>
    public LossPlan Choose(bool hasLabels)
    {
        var classes = plan.Parts.FirstOrDefault(IsClasses);
        if (options.Loss != LossKind.Labels)
            foreach (var part in plan.Parts.DistinctBy(part => part.Output))
                Follow(part);
        var isLabelled = AddLabels(classes, hasLabels);
        if (_losses.Count == 0)
            throw new CompressionException(
                Codes.UnknownOption,
                "The model cannot be trained: it has no output of floats in common with the model before compression that a loss can compare."
            );
        return new LossPlan(new LossSum(_losses), _teacherValues, isLabelled, _compared)
        {
            Settings = _settings,
            Agreement = classes is null || options.Loss == LossKind.Labels ? null : Agreement(classes.Output),
            Classes = classes is null ? null : new ClassScores(Scores(student, classes.Output), Scores(teacher, classes.Output)),
        };
    }

    private AgreementShare Agreement(string output) => new(Scores(student, output), Scores(teacher, output), axis: 1);

    private bool AddLabels(ComparedPart? classes, bool hasLabels)
    {
        if (options.Loss == LossKind.Labels && (!hasLabels || classes is null))
            throw new CompressionException(
                Codes.UnknownOption,
                "loss=labels needs "
                    + (
                        classes is null
                            ? "an output with the scores of classes, [rows, classes], which the model does not have"
                            : "labels, which the data does not have"
                    )
                    + ": loss=teacher needs none."
            );
        var weight = options switch
        {
            { Loss: LossKind.Labels } => 1,
            { Loss: LossKind.Auto, Labels: 0 } => LearnedLabels,
            _ => options.Labels,
        };
        if (weight == 0 || !hasLabels || classes is null)
            return false;
        _losses.Add(Learned(new LabelLoss(Scores(student, classes.Output), (float)weight)));
        _compared.UnionWith([Scores(student, classes.Output), Scores(teacher, classes.Output)]);
        return true;
    }

    private void Follow(ComparedPart part)
    {
        var isWhole = plan.Parts.Count(other => other.Output == part.Output) == 1 && part.Part is null;
        if (isWhole && part.Kind is FidelityKind.Scores or FidelityKind.Tokens && part.ClassAxis is { } axis)
            FollowScores(part, axis);
        else if (types.TryGetValue(part.Output, out var type) && type.Type == DataType.Float && HasValue(part.Output))
            Add(
                part.Output,
                part.Output,
                part.Mask is { } mask && type.Shape.Length == 3 && student.IsInput(mask)
                    ? new MaskedErrorLoss(part.Output, part.Output, mask)
                    : new SquaredErrorLoss(part.Output, part.Output, weight: 1)
            );
    }

    private void FollowScores(ComparedPart part, int axis)
    {
        var (own, other) = (Scores(student, part.Output), Scores(teacher, part.Output));
        if (options.Loss == LossKind.Dist && IsClasses(part))
            Add(own, other, new CorrelationLoss(own, other));
        else
            Add(own, other, new TeacherLoss(own, other, axis, _settings?.Temperature ?? LossSetting.Constant(options.Temperature)));
    }

    private void Add(string value, string teacherValue, ILoss loss)
    {
        _compared.UnionWith([value, teacherValue]);
        _teacherValues.Add(teacherValue);
        _losses.Add(Learned(loss));
    }

    private ILoss Learned(ILoss loss) => _settings?.Learn(loss) ?? loss;

    // Returns whether an output has one row of scores for each row of the batch: [rows, classes] or [rows, classes, 1, 1].
    private bool IsClasses(ComparedPart part) =>
        part is { Kind: FidelityKind.Scores, ClassAxis: 1, Part: null }
        && HasValue(part.Output)
        && types.TryGetValue(part.Output, out var type)
        && type.Shape.Skip(2).All(size => size == 1);

    private bool HasValue(string value) => student.Producer(value) is not null;

    // Returns the name of the scores before the softmax of an output, because a temperature divides the scores and not the probabilities.
    private static string Scores(Graph graph, string output)
    {
        while (graph.Producer(output) is { OpType: "Softmax" or "Identity" } node)
            output = node.Input[0];
        return output;
    }
}
