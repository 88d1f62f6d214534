using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Steps;

/// <summary>The state of the training steps in one run of a recipe, which run one after another.</summary>
/// <param name="source">The data that all runs share.</param>
internal sealed class TrainingContext(TrainingSource source)
{
    private int _done;

    /// <summary>The data that all runs of the recipe share.</summary>
    public TrainingSource Source => source;

    /// <summary>Loads the teacher, whose outputs training steps reproduce: the model before compression, or a model by which a step has replaced it.</summary>
    public Func<OnnxModel> LoadTeacher { get; private set; } = source.LoadTeacher;

    /// <summary>Makes another model the teacher of the steps that follow.</summary>
    /// <param name="model">The model, which must not change afterwards.</param>
    public void ReplaceTeacher(OnnxModel model) => LoadTeacher = model.Clone;

    /// <summary>Returns the result of the next training step: the stored result, or the result of <paramref name="train"/>.</summary>
    /// <param name="step">The step in its one-line form.</param>
    /// <param name="model">The model before the step.</param>
    /// <param name="train">Trains the model with the file of its checkpoints. It does not change <paramref name="model"/>.</param>
    /// <exception cref="CompressionException">MB1044: the stored result does not fit the model. MB1043: there is none, and the step may not train.</exception>
    public TrainedStep Run(string step, OnnxModel model, Func<CheckpointFile?, TrainedStep> train)
    {
        var place = _done++;
        var result = source.Stored is { } stored ? Stored(stored, place, step, model) : Trained(place, step, model, train);
        source.Add(result);
        return result;
    }

    private TrainedStep Trained(int place, string step, OnnxModel model, Func<CheckpointFile?, TrainedStep> train) =>
        source.WhyNotTrain is { } why
            ? throw new CompressionException(Codes.TrainingNeeded, $"The step '{step}' needs trained values: {why}")
            : source.Remember(place, step, model, train);

    private static TrainedStep Stored(IReadOnlyList<TrainedStep> stored, int place, string step, OnnxModel model)
    {
        var why =
            place >= stored.Count ? $"it has {stored.Count} training steps, and the recipe has more"
            : stored[place].Step != step ? $"its training step {place + 1} is '{stored[place].Step}', and that of the recipe is '{step}'"
            : stored[place].WhyNot(model);
        return why is null
            ? stored[place]
            : throw new CompressionException(Codes.TrainedValuesStale, $"The trained values do not fit the step '{step}': {why}.");
    }
}
