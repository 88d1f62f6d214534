using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Compression.Signatures;

/// <summary>What a caller must know of a model: the names, types and shapes of its inputs and outputs.</summary>
/// <param name="Description">The first paragraph of the model's documentation; may be empty.</param>
/// <param name="Inputs">What a caller hands over, in the graph's order; weights that old models list as inputs are not among them.</param>
/// <param name="Outputs">What comes back, in the graph's order.</param>
public sealed record ModelSignature(string Description, IReadOnlyList<ValueSignature> Inputs, IReadOnlyList<ValueSignature> Outputs)
{
    /// <summary>The key of the model's metadata under which a compressed model carries <see cref="Hash"/>.</summary>
    public const string MetadataKey = "modelbuild.signature";

    /// <summary>SHA-256, in lower-case hexadecimal, of the contract: one line for each input, then for each output.</summary>
    public string Hash()
    {
        var contract = new StringBuilder();
        foreach (var input in Inputs)
            contract.Append("in ").Append(input).Append('\n');
        foreach (var output in Outputs)
            contract.Append("out ").Append(output).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(contract.ToString())));
    }
}
