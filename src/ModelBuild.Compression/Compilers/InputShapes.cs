using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes.Optimization.Dimensions;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers;

/// <summary>Gives all dimensions of a model's inputs a size.</summary>
internal static class InputShapes
{
    // The sizes that the example in a message uses: the side of an image in pixels, and the length of a sequence.
    private const long Side = 224;
    private const long Length = 128;

    // Symbols that stand for the number of rows, in addition to symbols with "batch". Converters of TensorFlow name unknown sizes "unk__" and a number.
    private static readonly HashSet<string> RowNames = new(StringComparer.OrdinalIgnoreCase) { "n", "b", "bs", "none", "rows", "samples", "num_samples" };

    /// <summary>
    /// Gives each dynamic dimension of the inputs a size. A dynamic dimension without a given size becomes 1 if it is the first of two or more dimensions and
    /// has no name or the name of a number of rows, such as <c>batch</c> or <c>N</c>.
    /// </summary>
    /// <param name="model">The model, which changes.</param>
    /// <param name="given">The shapes of inputs by name.</param>
    /// <exception cref="CompressionException">
    /// MB1005: a shape is not that of an input, or a dimension other than the number of rows has no size.
    /// </exception>
    public static void Fix(OnnxModel model, IReadOnlyDictionary<string, long[]> given)
    {
        var signature = SignatureReader.Read(model);
        foreach (var input in signature.Inputs.Where(input => input.Kind != ValueKind.Tensor))
            throw Wrong($"The input '{input.Name}' is {input}, and compilers take tensors.");
        if (given.Keys.FirstOrDefault(name => signature.Inputs.All(input => input.Name != name)) is { } unknown)
            throw Wrong(
                $"--shape {unknown}: the model has no input of that name.{NearestName.Hint(unknown, signature.Inputs.Select(input => input.Name))} "
                    + $"Inputs: {string.Join(", ", signature.Inputs.Select(input => input.Name))}."
            );
        var sizes = new DimensionSizes(model.Proto.Graph);
        foreach (var input in signature.Inputs.Where(input => given.ContainsKey(input.Name)))
            FixInput(model, sizes, input, given[input.Name]);
        foreach (var input in SignatureReader.Read(model).Inputs.Where(input => input.Shape is { Count: >= 2 } shape && shape[0].Size is null))
            if (IsRows(model, input.Shape![0].Name))
                sizes.Fix($"{input.Name}/0", 1);
        Check(SignatureReader.Read(model));
    }

    private static void FixInput(OnnxModel model, DimensionSizes sizes, ValueSignature input, long[] shape)
    {
        if (shape.Any(size => size < 1))
            throw Wrong($"{Text(input.Name, shape)}: a size is at least 1.");
        if (input.Shape is null)
        {
            var info = model.Proto.Graph.Input.First(info => info.Name == input.Name);
            info.Type.TensorType.Shape = new TensorShapeProto();
            info.Type.TensorType.Shape.Dim.Add(shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
            return;
        }

        if (shape.Length != input.Shape.Count)
            throw Wrong($"{Text(input.Name, shape)} has {shape.Length} dimensions, and the input has {input.Shape.Count}: [{string.Join(", ", input.Shape)}].");
        foreach (var (axis, size) in shape.Index())
            sizes.Fix(string.Create(CultureInfo.InvariantCulture, $"{input.Name}/{axis}"), size);
    }

    // Returns whether a symbol stands for the number of rows. If other axes have the symbol as well, its name must contain "batch".
    private static bool IsRows(OnnxModel model, string? symbol) =>
        symbol is null
        || symbol.Contains("batch", StringComparison.OrdinalIgnoreCase)
        || ((RowNames.Contains(symbol) || symbol.StartsWith("unk__", StringComparison.Ordinal)) && IsFirstOnly(model, symbol));

    private static bool IsFirstOnly(OnnxModel model, string symbol) =>
        model.Proto.Graph.Input.SelectMany(input => input.Type?.TensorType?.Shape?.Dim.Skip(1) ?? []).All(dimension => dimension.DimParam != symbol);

    private static void Check(ModelSignature signature)
    {
        var open = signature.Inputs.Where(input => input.Shape is not { } shape || shape.Any(dimension => dimension.Size is null)).ToArray();
        if (open.Length == 0)
            return;
        var names = string.Join(", ", open.Select(input => $"'{input.Name}' [{(input.Shape is { } shape ? string.Join(", ", shape) : "of unknown rank")}]"));
        throw Wrong(
            $"Compilers get fixed shapes, and these inputs have dynamic dimensions without a size: {names}. "
                + $"Give each of them a shape, such as {string.Join(' ', open.Select(input => Text(input.Name, Example(input))))}."
        );
    }

    private static long[] Example(ValueSignature input) =>
        [
            .. (input.Shape ?? []).Select(
                (dimension, axis) =>
                    dimension.Size
                    ?? (
                        axis == 0 && input.Shape!.Count > 1 ? 1
                        : input.Shape!.Count == 4 ? Side
                        : Length
                    )
            ),
        ];

    private static string Text(string name, long[] shape) => $"--shape {name}={string.Join(',', shape)}";

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
