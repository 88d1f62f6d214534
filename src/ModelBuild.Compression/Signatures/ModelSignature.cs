using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Compression.Signatures;

/// <summary>The contract of a model with its callers: the names, types and shapes of its inputs and outputs.</summary>
/// <param name="Description">The first paragraph of the model's documentation, which may be empty.</param>
/// <param name="Inputs">The inputs that a caller supplies, in graph order, without weights that old models list as inputs.</param>
/// <param name="Outputs">The outputs in graph order.</param>
internal sealed record ModelSignature(string Description, IReadOnlyList<ValueSignature> Inputs, IReadOnlyList<ValueSignature> Outputs)
{
    /// <summary>The metadata key for <see cref="Hash"/> in a compressed model.</summary>
    public const string MetadataKey = "modelbuild.signature";

    /// <summary>
    /// Returns the SHA-256 of the contract in lower-case hexadecimal. The contract has one line for each input and then one for each output.
    /// </summary>
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
