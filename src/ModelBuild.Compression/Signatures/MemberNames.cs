using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Signatures;

/// <summary>The C# names that a project sets for inputs, outputs and dimensions of a model.</summary>
internal sealed class MemberNames
{
    private readonly ModelSignature _signature;
    private readonly Dictionary<string, string> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Input, int Axis), string> _axes = [];

    private MemberNames(ModelSignature signature) => _signature = signature;

    /// <summary>An instance that sets no names.</summary>
    public static MemberNames None { get; } = new(new ModelSignature("", [], []));

    /// <summary>Parses the C# names that a project sets.</summary>
    /// <param name="signature">The model's inputs and outputs.</param>
    /// <param name="text">
    /// Pairs such as <c>softmax_11.tmp_0=Scores; n.1=width</c>, with the model's name first. A dimension without a symbol is <c>input/axis</c>. A name that a
    /// tensor and a dimension share refers to the tensor.
    /// </param>
    /// <exception cref="CompressionException">
    /// MB1028: the text refers to a name that the model does not have, or a new name is not a C# identifier.
    /// </exception>
    public static MemberNames Read(ModelSignature signature, string? text)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var names = new MemberNames(signature);
        foreach (var entry in (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            names.Add(entry);
        // The C# names of input tensors and of dimensions must differ, because both become parameters and members of the struct of inputs. Outputs are members
        // of the result, so only their own names must differ.
        MustDiffer([.. signature.Inputs.Select(names.OfInput), .. names._symbols.Values, .. names._axes.Values]);
        MustDiffer([.. signature.Outputs.Select(names.OfOutput)]);
        return names;
    }

    /// <summary>Returns the C# name of an input, or null when the project sets none.</summary>
    public string? OfInput(ValueSignature input) => _tensors.GetValueOrDefault(Name(input));

    /// <summary>Returns the C# name of an output, or null when the project sets none.</summary>
    public string? OfOutput(ValueSignature output) => _tensors.GetValueOrDefault(Name(output));

    /// <summary>Returns the C# name of an input's dimension, or null when the project sets none.</summary>
    public string? OfDimension(ValueSignature input, int axis)
    {
        var symbol = input?.Shape is { } shape && shape[axis].Size is null ? shape[axis].Name : null;
        return symbol is null ? _axes.GetValueOrDefault((Name(input), axis)) : _symbols.GetValueOrDefault(symbol);
    }

    private static string Name(ValueSignature? value) => value?.Name ?? throw new ArgumentNullException(nameof(value));

    private void Add(string entry)
    {
        // The entry is divided at its last '=', because the name in the model may contain '=', but the C# name cannot.
        var sign = entry.LastIndexOf('=');
        var (name, member) = sign < 0 ? ("", "") : (entry[..sign].Trim(), entry[(sign + 1)..].Trim());
        if (name.Length == 0 || member.Length == 0)
            throw Wrong($"Names has '{entry}', which is not a pair of a name in the model and a C# name, such as 'softmax_11.tmp_0=Scores'.");
        if (!IsIdentifier(member))
            throw Wrong($"Names has '{entry}', and '{member}' cannot be a name in C#: a letter or '_', then letters, digits and '_'.");
        var isNew =
            IsTensor(name) ? _tensors.TryAdd(name, member)
            : Axis(name) is var (input, axis) ? AddAxis(input, axis, member)
            : _symbols.TryAdd(Symbol(name), member);
        if (!isNew)
            throw Wrong($"Names has '{entry}', but another entry already renames '{name}'.");
    }

    private bool AddAxis(ValueSignature input, int axis, string member) =>
        input.Shape![axis].Name is { } symbol ? _symbols.TryAdd(symbol, member) : _axes.TryAdd((input.Name, axis), member);

    private bool IsTensor(string name) => _signature.Inputs.Concat(_signature.Outputs).Any(value => value.Name == name);

    private string Symbol(string name)
    {
        var symbols = DynamicDimensions().Select(open => open.Dimension.Name).OfType<string>().Distinct().ToArray();
        if (symbols.Contains(name))
            return name;
        var axes = DynamicDimensions().Where(open => open.Dimension.Name is null).Select(open => $"{open.Input.Name}/{open.Axis}").ToArray();
        string[] known = [.. _signature.Inputs.Concat(_signature.Outputs).Select(value => value.Name), .. symbols, .. axes];
        throw Wrong(
            $"Names has '{name}', which the model does not have.{NearestName.Hint(name, known)} "
                + $"It has the inputs {List(_signature.Inputs.Select(value => value.Name))}, "
                + $"the outputs {List(_signature.Outputs.Select(value => value.Name))}, "
                + $"and {(symbols.Length + axes.Length == 0 ? "no dynamic dimensions" : $"the dynamic dimensions {List(symbols.Concat(axes))}")}."
        );
    }

    private (ValueSignature Input, int Axis)? Axis(string name) =>
        DynamicDimensions()
            .Where(open => name == string.Create(CultureInfo.InvariantCulture, $"{open.Input.Name}/{open.Axis}"))
            .Select(open => ((ValueSignature, int)?)(open.Input, open.Axis))
            .FirstOrDefault();

    private IEnumerable<(ValueSignature Input, int Axis, Dimension Dimension)> DynamicDimensions() =>
        _signature
            .Inputs.SelectMany(input => (input.Shape ?? []).Select((dimension, axis) => (input, axis, dimension)))
            .Where(open => open.dimension.Size is null);

    // Throws if two C# names differ at most in the case of the first letter. A name is written with a capital letter for a property and with a small letter for
    // a parameter.
    private static void MustDiffer(IEnumerable<string?> members)
    {
        var twice = members.OfType<string>().GroupBy(member => char.ToUpperInvariant(member[0]) + member[1..]).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw Wrong($"Names has the name '{twice.First()}' twice.");
    }

    private static bool IsIdentifier(string text) =>
        (char.IsLetter(text[0]) || text[0] == '_') && text.All(letter => char.IsLetterOrDigit(letter) || letter == '_');

    private static string List(IEnumerable<string> names) => string.Join(", ", names);

    private static CompressionException Wrong(string message) => new(Codes.States, message);
}
