using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The options of the step <c>transfer</c>.</summary>
/// <param name="Classes">The number of classes.</param>
/// <param name="Freeze">Names or operator types of nodes that keep their weights, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="BodyRate">The rate of the second phase as a share of <c>rate</c>; 0 to train the new layer only.</param>
/// <param name="Epochs">The number of times that each phase uses each training row; 0 for the choice of the step.</param>
/// <param name="Steps">Instead of epochs: the number of batches of each phase; 0 for the choice of the step.</param>
/// <param name="Rate">The largest learning rate of the new layer; <c>auto</c> for the choice of the step.</param>
/// <param name="Schedule">The schedule of the rate during each phase.</param>
/// <param name="Optimizer">The formula with which weights follow their gradients.</param>
/// <param name="WeightDecay">The weight decay of tensors of two or more dimensions.</param>
/// <param name="Batch">The number of rows of a step; 0 for the choice of the step.</param>
/// <param name="Clip">The largest norm of all gradients together; 0 for no limit.</param>
/// <param name="Average">The share of the moving average of the weights that remains at each step; 0 for no average.</param>
/// <param name="Seed">The seed of the first weights of the new layer, the order of rows, the held-out part and augmentation.</param>
/// <param name="Augment">Random changes of images, joined by <c>+</c>, or <c>none</c>; null for the choice of the step.</param>
/// <param name="Memory">The memory that training may take; <c>auto</c> for half of that of the machine.</param>
/// <param name="Statistics">
/// Whether each BatchNormalization node keeps its mean and variance (frozen), or training estimates them from training rows at its end.
/// </param>
internal sealed record TransferOptions(
    int Classes = 0,
    string Freeze = "",
    double BodyRate = 0.3,
    int Epochs = 0,
    int Steps = 0,
    AutoNumber Rate = default,
    ScheduleKind Schedule = ScheduleKind.Cosine,
    OptimizerKind Optimizer = OptimizerKind.Adam,
    double WeightDecay = 0,
    int Batch = 0,
    double Clip = 0,
    double Average = 0.99,
    int Seed = 1,
    Augmentations? Augment = null,
    MemorySize Memory = default,
    StatisticsMode Statistics = StatisticsMode.Frozen
)
{
    /// <summary>The name of the step.</summary>
    public const string Name = "transfer";

    private const int MaxClasses = 1_000_000;

    /// <summary>The options of the training. Layers that are not trained are excluded.</summary>
    public TrainingOptions Training =>
        new(Epochs, Steps, Rate, Schedule, Optimizer, WeightDecay, Batch, Clip, Average, Seed)
        {
            Exclude = Freeze,
            Augment = Augment,
            Loss = LossKind.Labels,
            Memory = Memory,
            Statistics = Statistics,
        };

    /// <summary>Checks the options whose possible values are not determined by their types.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a value that is not possible.</exception>
    public void Check()
    {
        if (Classes is < 2 or > MaxClasses)
            throw Error(
                Classes == 0
                    ? $"'{Name}' needs the number of classes, such as {Name}(classes=10)."
                    : string.Create(CultureInfo.InvariantCulture, $"'{Name}' cannot take classes={Classes}: it must be from 2 to {MaxClasses}.")
            );
        if (BodyRate is not (>= 0 and <= 1))
            throw Error(
                $"'{Name}' cannot take body-rate={OptionValue.Format(BodyRate)}: it must be between 0 and 1, the share of the rate in the second phase."
            );
        Training.Check(Name);
    }

    private static CompressionException Error(string message) => new(Codes.UnknownOption, message);
}
