using System.Globalization;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>The facts about the preparation of images that is part of a model.</summary>
/// <param name="Description">The description of the preparation.</param>
/// <param name="Inputs">The source of the pictures of the comparison; none if nothing was compared.</param>
/// <param name="Pictures">The number of pictures that the preparation was compared on with that of the generated class.</param>
/// <param name="LargestDifference">The largest difference of two values in those of pixels, 0 to 255; null where nothing was compared.</param>
/// <param name="SqnrDb">
/// The lowest signal-to-noise ratio of an output in dB, compared with the model that gets the tensors of the class; 200 for identical outputs, null where
/// nothing was compared.
/// </param>
internal sealed record PreprocessingFacts(
    string Description,
    [property: JsonConverter(typeof(CamelCaseEnum<InputKind>))] InputKind Inputs,
    int Pictures,
    double? LargestDifference,
    double? SqnrDb
)
{
    /// <summary>The facts about the preparation in one or two sentences.</summary>
    [JsonIgnore]
    public string Text =>
        $"The preparation '{Description}' is part of the model, which takes pictures. "
        + (
            LargestDifference is not { } difference
                ? "It was not compared with that of the class."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"On {Pictures} {(Inputs == InputKind.Calibration ? "real" : "synthetic")} pictures its values differ from those of the class by at most "
                        + $"{difference:0.##} of 255"
                ) + (SqnrDb is { } decibels ? $", and the outputs have {FidelityFigures.Decibels(decibels)} or more." : ".")
        );
}
