using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Training.Settings;

/// <summary>The options that all training steps have in common.</summary>
/// <param name="Epochs">The number of times that each training row is used; 0 for the choice of the step.</param>
/// <param name="Steps">Instead of epochs: the number of batches; 0 for the choice of the step.</param>
/// <param name="Rate">The largest learning rate; <c>auto</c> for the choice of the step.</param>
/// <param name="Schedule">The schedule of the rate during training.</param>
/// <param name="Optimizer">The formula with which weights follow their gradients.</param>
/// <param name="WeightDecay">The weight decay of tensors of two or more dimensions.</param>
/// <param name="Batch">The number of rows of a step; 0 for the choice of the step.</param>
/// <param name="Clip">The largest norm of all gradients together; 0 for no limit.</param>
/// <param name="Average">The share of the moving average of the weights that remains at each step, such as 0.99; 0 for no average.</param>
/// <param name="Seed">The seed of the order of rows, of the held-out part and of augmentation.</param>
/// <param name="Layers">Names or operator types of the nodes that are trained, with <c>*</c> as a wildcard, separated by <c>|</c>; empty for all.</param>
/// <param name="Exclude">Names or operator types of nodes that are not trained, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="Augment">Random changes of images: <c>flip</c>, <c>shift(n)</c>, <c>crop(n)</c> and <c>noise(s)</c>, joined by <c>+</c>.</param>
/// <param name="Loss">The loss that training minimizes.</param>
/// <param name="Temperature">The number by which class scores are divided before they are compared with the teacher's.</param>
/// <param name="Labels">The weight of the cross-entropy of the labels beside the teacher, 0…1.</param>
/// <param name="Features">The values inside the model that are compared with those of the teacher.</param>
/// <param name="FeatureWeight">The weight of these comparisons together.</param>
/// <param name="Attention">The weight of attention transfer: where convolutions are active, and the attention maps of transformers; 0 for none.</param>
/// <param name="Adversarial">
/// How far half of the rows of each step are moved against the model, as a share of the range of the inputs; 0 to leave them.
/// </param>
/// <param name="Precision">The numbers in which products and convolutions are computed.</param>
/// <param name="Memory">The memory that training may take; <c>auto</c> for half of that of the machine.</param>
/// <param name="Statistics">
/// Whether each BatchNormalization node keeps its mean and variance (frozen), or training estimates them from training rows at its end.
/// </param>
internal sealed record TrainingOptions(
    int Epochs = 0,
    int Steps = 0,
    AutoNumber Rate = default,
    ScheduleKind Schedule = ScheduleKind.Cosine,
    OptimizerKind Optimizer = OptimizerKind.Adam,
    double WeightDecay = 0,
    int Batch = 0,
    double Clip = 0,
    double Average = 0,
    int Seed = 1,
    string Layers = "",
    string Exclude = "",
    Augmentations? Augment = null,
    LossKind Loss = LossKind.Teacher,
    double Temperature = 4,
    double Labels = 0,
    FeatureMode Features = FeatureMode.None,
    double FeatureWeight = 1,
    double Attention = 0,
    double Adversarial = 0,
    TrainingPrecision Precision = TrainingPrecision.Full,
    MemorySize Memory = default,
    StatisticsMode Statistics = StatisticsMode.Frozen
) : ISharedOptions
{
    /// <summary>The largest number of rows that a training step can have.</summary>
    public const int MaxBatch = 65_536;

    // The largest factor of a loss term. With larger factors, the loss would not be finite in float32.
    private const double MaxWeight = 1e9;

    /// <summary>Whether values inside the model are compared with those of the teacher.</summary>
    public bool ComparesInside => Features != FeatureMode.None || Attention > 0;

    /// <inheritdoc/>
    public void Check(string step)
    {
        Require(Epochs >= 0, step, "epochs", Epochs, "0 or more");
        Require(Steps >= 0, step, "steps", Steps, "0 or more");
        if (Epochs > 0 && Steps > 0)
            throw new CompressionException(Codes.UnknownOption, $"'{step}' takes epochs or steps, not both.");
        Require(Rate.Value is null or > 0 and <= double.MaxValue, step, "rate", Rate, "auto or more than 0");
        Require(WeightDecay is >= 0 and < 1, step, "weight-decay", WeightDecay, "0 or more and less than 1");
        Require(Batch is >= 0 and <= MaxBatch, step, "batch", Batch, $"from 1 to {MaxBatch}, or 0 for the choice of the step");
        Require(Clip is >= 0 and <= double.MaxValue, step, "clip", Clip, "0 for no limit, or the largest norm of the gradients");
        Require(Average is >= 0 and < 1, step, "average", Average, "0 or more and less than 1, such as 0.99");
        Require(Temperature is > 0 and <= double.MaxValue, step, "temperature", Temperature, "more than 0");
        Require(Labels is >= 0 and <= 1, step, "labels", Labels, "between 0 and 1: the weight of the labels beside the teacher");
        Require(FeatureWeight is >= 0 and <= MaxWeight, step, "feature-weight", FeatureWeight, "0 or more");
        Require(Attention is >= 0 and <= MaxWeight, step, "attention", Attention, "0 for none, or the weight of attention transfer, such as 1000");
        Require(Adversarial is >= 0 and <= 1, step, "adversarial", Adversarial, "between 0 and 1: a share of the range of the inputs, such as 0.03");
        // Patterns are checked by their constructor, which throws an exception if a quotation mark is not closed.
        _ = new NamePatterns(Layers);
        _ = new NamePatterns(Exclude);
    }

    private static void Require(bool isPossible, string step, string option, object value, string what)
    {
        if (!isPossible)
            throw new CompressionException(Codes.UnknownOption, $"'{step}' cannot take {option}={OptionValue.Format(value)}: it must be {what}.");
    }
}
