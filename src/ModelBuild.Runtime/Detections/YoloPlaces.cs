namespace ModelBuild.Runtime.Detections;

/// <summary>Provides the numbers of each place in the output of a YOLO model.</summary>
/// <param name="layout">The layout.</param>
/// <param name="elements">The elements of one image.</param>
internal readonly ref struct YoloPlaces(YoloLayout layout, ReadOnlySpan<float> elements)
{
    private readonly ReadOnlySpan<float> _elements = elements;
    private readonly int _placeStep = layout.HasPlacesLast ? 1 : layout.Numbers;
    private readonly int _numberStep = layout.HasPlacesLast ? elements.Length / layout.Numbers : 1;

    /// <summary>Gets the number of places in the output, each of which can be a box.</summary>
    public int Count { get; } = elements.Length / layout.Numbers;

    /// <summary>Gets a number of a place by the index of the place and the index of the number.</summary>
    public float this[int place, int number] => _elements[(place * _placeStep) + (number * _numberStep)];
}
