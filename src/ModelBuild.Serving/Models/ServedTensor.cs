using ModelBuild.Runtime;

namespace ModelBuild.Serving.Models;

/// <summary>Represents an input or output in the metadata of a model.</summary>
/// <param name="Index">The index in the contract.</param>
/// <param name="Name">The name.</param>
/// <param name="DataType">The data type of the protocol.</param>
/// <param name="Shape">The dimensions; −1 for a dynamic one, and one −1 alone when the rank is not declared.</param>
internal sealed record ServedTensor(int Index, string Name, string DataType, IReadOnlyList<long> Shape)
{
    /// <summary>Returns the tensors of a contract that the protocol can represent.</summary>
    public static IEnumerable<ServedTensor> Of(IReadOnlyList<TensorContract> contracts) =>
        contracts
            .Select((contract, index) => (Contract: contract, Index: index))
            .Where(place => place.Contract is { Kind: "tensor", IsTyped: true })
            .Select(place => new ServedTensor(
                place.Index,
                place.Contract.Name,
                InferenceType.Of(place.Contract.Type)!,
                [.. place.Contract.Shape?.Select(dimension => dimension.Size ?? -1) ?? [-1]]
            ));
}
