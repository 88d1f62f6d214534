using ModelBuild.Runtime.Pictures;

namespace ModelBuild.Runtime.Maps;

/// <summary>Computes the map of classes from an output of a model.</summary>
/// <param name="description">The description.</param>
/// <param name="labels">The names of the classes.</param>
internal sealed class ClassReader(MapDescription description, IReadOnlyList<string> labels)
{
    private const float DefaultThreshold = 0.5f;

    // The threshold that values of the output are compared with. The sigmoid is monotonic, so the value itself is compared with the inverse sigmoid of the
    // threshold.
    private readonly float _threshold = description.IsSigmoid
        ? MathF.Log((description.Threshold ?? DefaultThreshold) / (1 - (description.Threshold ?? DefaultThreshold)))
        : description.Threshold ?? DefaultThreshold;

    /// <summary>Returns the map of classes in the size of the original image.</summary>
    /// <param name="tensor">The elements.</param>
    /// <param name="hasFractions">Whether the output has a type of floats.</param>
    /// <param name="placement">The position of the original in the prepared image.</param>
    public ClassMap Read(MapTensor tensor, bool hasFractions, in ImagePlacement placement)
    {
        var (horizontal, vertical) = OutputAxes.Back(tensor.Shape.Size, placement);
        var values = tensor.Values.Span;
        var classes =
            tensor.Shape.Channels > 1 ? ClassMaps.FromScores(values, tensor.Shape, horizontal, vertical)
            : MapOutput.IsForeground(description, hasFractions) ? ClassMaps.FromForeground(values, tensor.Shape, _threshold, horizontal, vertical)
            : Array.ConvertAll(ClassMaps.FromIndices(values, tensor.Shape.Size, horizontal, vertical), Class);
        var (width, height) = placement.Original;
        CoveredPixels.Of(placement).FillOutside(classes, width, (ushort)ClassMap.NoClass);
        return new ClassMap(classes, width, height, labels);
    }

    // Converts the index of a class. Models use negative indices and very large ones for pixels that they do not classify.
    private static ushort Class(float index) => index is >= 0 and < ClassMap.NoClass ? (ushort)index : (ushort)ClassMap.NoClass;
}
