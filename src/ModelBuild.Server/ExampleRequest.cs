using System.Text.Json;
using ModelBuild.Serving.Models;

namespace ModelBuild.Server;

/// <summary>Creates a small example of an inference request that a user can send to the server.</summary>
internal static class ExampleRequest
{
    private const int MaxElements = 64;

    /// <summary>Returns the body of an example request whose elements are zero, false or empty; null if the body would be too long to copy.</summary>
    /// <param name="inputs">The inputs of the model. Dynamic dimensions have the size 1 in the request.</param>
    public static string? Of(IEnumerable<ServedTensor> inputs)
    {
        var tensors = inputs.Select(input => (Input: input, Shape: input.Shape.Select(size => size < 0 ? 1 : size).ToArray())).ToArray();
        if (tensors.Sum(tensor => Math.Min(Count(tensor.Shape), MaxElements + 1)) > MaxElements)
            return null;
        return JsonSerializer.Serialize(
            new
            {
                inputs = tensors.Select(tensor => new
                {
                    name = tensor.Input.Name,
                    shape = tensor.Shape,
                    datatype = tensor.Input.DataType,
                    data = Enumerable.Repeat(Element(tensor.Input.DataType), (int)Count(tensor.Shape)),
                }),
            }
        );
    }

    // Returns the number of elements of a shape. Multiplication stops beyond the limit, so that the product cannot overflow.
    private static long Count(long[] shape) =>
        shape.Aggregate(1L, (count, size) => size == 0 || count == 0 ? 0 : Math.Min(count, MaxElements + 1) * Math.Min(size, MaxElements + 1));

    private static object Element(string type) =>
        type switch
        {
            "BOOL" => false,
            "BYTES" => "",
            _ => 0,
        };
}
