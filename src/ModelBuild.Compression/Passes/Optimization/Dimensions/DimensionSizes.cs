using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;
using Dimension = ModelBuild.Onnx.TensorShapeProto.Types.Dimension;

namespace ModelBuild.Compression.Passes.Optimization.Dimensions;

/// <summary>The dynamic dimensions of a graph's inputs, by symbol and by input and axis.</summary>
internal sealed class DimensionSizes(GraphProto graph)
{
    /// <summary>Gives a fixed size to all dimensions with a symbol, or to one axis of an input and all dimensions with the same symbol.</summary>
    /// <exception cref="CompressionException">MB1005: there is no such dynamic dimension, the name is ambiguous, or the size is less than 1.</exception>
    public void Fix(string name, long size)
    {
        if (size < 1)
            throw Error(string.Create(CultureInfo.InvariantCulture, $"'fix-dimensions' cannot make '{name}' {size}: a size is at least 1."));
        var place = Place(name);
        var isName = Open().Any(open => open.Dimension.DimParam == name);
        if (isName && place is not null && place.DimParam != name)
            throw Error($"'{name}' is the name of a dimension, and also an axis of an input. Name another axis with this dimension instead. {Describe()}");
        if (!isName && place is null)
            throw Error($"The inputs have no dimension '{name}'.{NearestName.Hint(name, Names())} {Describe()}");
        if (isName)
            FixAll(name, size);
        else if (IsFixed(place!))
            Check(name, place!.DimValue, size);
        else if (place!.DimParam.Length > 0)
            FixAll(place.DimParam, size);
        else
            place.DimValue = size;
    }

    /// <summary>Returns a sentence that lists the dynamic dimensions of the inputs.</summary>
    public string Describe()
    {
        var open = Open().Select(place => place.Dimension.DimParam.Length > 0 ? $"{place.Dimension.DimParam} ({place.Name})" : place.Name).ToArray();
        return open.Length == 0 ? "All dimensions of the inputs are fixed." : $"Dynamic dimensions: {string.Join(", ", open)}.";
    }

    public static CompressionException Error(string message) => new(Codes.UnknownOption, message);

    private static void Check(string name, long known, long size)
    {
        if (known != size)
            throw Error(string.Create(CultureInfo.InvariantCulture, $"The dimension '{name}' has the size {known} already, and cannot have {size}."));
    }

    private IEnumerable<string> Names() =>
        Open().SelectMany(place => new[] { place.Dimension.DimParam, place.Name }).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);

    private IEnumerable<(string Name, Dimension Dimension)> Places()
    {
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return graph
            .Input.Where(input => !weights.Contains(input.Name))
            .SelectMany(input =>
                Sizes(input.Type).Index().Select(axis => (string.Create(CultureInfo.InvariantCulture, $"{input.Name}/{axis.Index}"), axis.Item))
            );
    }

    private IEnumerable<(string Name, Dimension Dimension)> Open() => Places().Where(place => !IsFixed(place.Dimension));

    private Dimension? Place(string name) => Places().FirstOrDefault(place => place.Name == name).Dimension;

    private static bool IsFixed(Dimension dimension) => dimension.ValueCase == Dimension.ValueOneofCase.DimValue && dimension.DimValue >= 0;

    private void FixAll(string symbol, long size)
    {
        foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
        foreach (var dimension in Sizes(info.Type).Where(dimension => dimension.DimParam == symbol))
            dimension.DimValue = size;
    }

    // Returns the dimensions of a declared type, including those of the element types of optionals and sequences.
    private static IEnumerable<Dimension> Sizes(TypeProto? type) =>
        type?.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => type.TensorType.Shape?.Dim ?? [],
            TypeProto.ValueOneofCase.OptionalType => Sizes(type.OptionalType.ElemType),
            TypeProto.ValueOneofCase.SequenceType => Sizes(type.SequenceType.ElemType),
            _ => [],
        };
}
