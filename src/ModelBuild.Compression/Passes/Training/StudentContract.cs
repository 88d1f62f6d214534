using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The inputs and outputs of a student, which have to be those of the model that it replaces.</summary>
internal static class StudentContract
{
    /// <summary>
    /// Returns the differences as parts of a sentence. Names and element types have to be equal. A size may be dynamic in the student. A size of an output may
    /// be dynamic in either model, because many exporters do not write it. The order of inputs and outputs does not count.
    /// </summary>
    public static IReadOnlyList<string> Differences(OnnxModel model, OnnxModel student)
    {
        var (own, other) = (SignatureReader.Read(model), SignatureReader.Read(student));
        return [.. Differences("input", own.Inputs, other.Inputs, mayNarrow: false), .. Differences("output", own.Outputs, other.Outputs, mayNarrow: true)];
    }

    /// <summary>Copies the declarations of the model, its metadata and its documentation, which callers read, to a student without differences.</summary>
    public static void Take(OnnxModel student, OnnxModel model)
    {
        var (own, other) = (model.Proto, student.Proto);
        other.Graph.Input.Clear();
        other.Graph.Input.AddRange(own.Graph.Input.Select(input => input.Clone()));
        other.Graph.Output.Clear();
        other.Graph.Output.AddRange(own.Graph.Output.Select(output => output.Clone()));
        // The declared types of values inside the graph are removed, because they may have the student's symbols.
        other.Graph.ValueInfo.Clear();
        other.MetadataProps.Clear();
        other.MetadataProps.AddRange(own.MetadataProps.Select(entry => entry.Clone()));
        other.DocString = own.DocString;
    }

    private static IEnumerable<string> Differences(string kind, IReadOnlyList<ValueSignature> values, IReadOnlyList<ValueSignature> students, bool mayNarrow)
    {
        foreach (var value in values)
            if (students.FirstOrDefault(student => student.Name == value.Name) is not { } student)
                yield return $"it has no {kind} '{value.Name}'";
            else if (student.Kind != value.Kind || student.Type != value.Type || !Fits(value.Shape, student.Shape, mayNarrow))
                yield return $"its {kind} '{value.Name}' is {Write(student)}, and that of the model is {Write(value)}";
        foreach (var student in students.Where(student => values.All(value => value.Name != student.Name)))
            yield return $"the model has no {kind} '{student.Name}'";
    }

    private static bool Fits(IReadOnlyList<Dimension>? shape, IReadOnlyList<Dimension>? student, bool mayNarrow)
    {
        if (student is null || shape is null)
            return student is null || mayNarrow;
        return shape.Count == student.Count
            && shape.Zip(student).All(pair => pair.Second.Size is not { } size || (pair.First.Size is { } own ? own == size : mayNarrow));
    }

    private static string Write(ValueSignature value) =>
        value.Kind == ValueKind.Tensor ? $"{value.Type}[{(value.Shape is null ? "any shape" : string.Join(", ", value.Shape))}]" : value.Type;
}
