using Desktop = Xunit.Assert;

namespace nanoFramework.TestFramework;

/// <summary>The part of nanoFramework.TestFramework that our suites use, in front of xunit.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TestClassAttribute : Attribute;

[AttributeUsage(AttributeTargets.Method)]
public sealed class TestMethodAttribute : Attribute;

public static class Assert
{
    public static void AreEqual(int expected, int actual, string message = "") => Desktop.True(expected == actual, $"expected {expected}, got {actual}. {message}");

    public static void AreEqual(uint expected, uint actual, string message = "") => Desktop.True(expected == actual, $"expected {expected:X8}, got {actual:X8}. {message}");

    public static void AreEqual(byte expected, byte actual, string message = "") => Desktop.True(expected == actual, $"expected {expected:X2}, got {actual:X2}. {message}");

    public static void AreEqual(string expected, string actual, string message = "") => Desktop.True(expected == actual, $"expected '{expected}', got '{actual}'. {message}");

    public static void IsTrue(bool condition, string message = "") => Desktop.True(condition, message);

    public static void IsFalse(bool condition, string message = "") => Desktop.False(condition, message);
}
