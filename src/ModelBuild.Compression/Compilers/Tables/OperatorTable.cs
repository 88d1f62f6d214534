using ModelBuild.Compression.Compilers.Checks;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>Collects the operators of a compiler from lists of names.</summary>
internal sealed class OperatorTable
{
    private readonly Dictionary<string, OperatorSupport> _operators = new(StringComparer.Ordinal);

    /// <summary>Adds operators that the compiler supports with the same element types.</summary>
    /// <param name="types">The element types of their data; null for all types of the compiler.</param>
    /// <param name="names">The names, separated by white space.</param>
    public OperatorTable Add(IReadOnlySet<DataType>? types, string names)
    {
        foreach (var name in names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            _operators.Add(name, new OperatorSupport(types));
        return this;
    }

    /// <summary>Adds a restriction to operators of the table.</summary>
    /// <param name="names">The names, separated by spaces.</param>
    /// <param name="restriction">Returns the reason why a node is refused; null when the compiler takes it.</param>
    /// <param name="needsRank">Whether the restriction depends on the number of dimensions of the first input.</param>
    public OperatorTable Restrict(string names, Func<CheckedNode, string?> restriction, bool needsRank = false)
    {
        foreach (var name in names.Split(' '))
        {
            var support = _operators[name];
            _operators[name] = support with
            {
                Restriction = support.Restriction is { } first ? node => first(node) ?? restriction(node) : restriction,
                NeedsRank = support.NeedsRank || needsRank,
            };
        }

        return this;
    }

    /// <summary>Returns the collected operators by name.</summary>
    public IReadOnlyDictionary<string, OperatorSupport> Build() => _operators;
}
